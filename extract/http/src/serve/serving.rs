use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use extract_wire::{Introduction, Seen, ServiceKeys};
use kernel::contract::Dispatch;
use kernel::{Clock, Failure, FailureKind};

/// What callers may send, and how they hear that a stream lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeSettings {
    /// The largest message, in bytes.
    pub largest_body: usize,
    /// How deep arrays and objects of a message may lie within each other.
    pub deepest: usize,
    /// A stream that has nothing to say says that it is alive, as often as this.
    pub heartbeat: Duration,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self { largest_body: 8 * 1024 * 1024, deepest: 64, heartbeat: Duration::from_secs(5) }
    }
}

/// The contracts that this process serves, and who may call them.
pub struct Serving {
    pub(super) keys: Arc<ServiceKeys>,
    pub(super) seen: Seen,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: ServeSettings,
    contracts: BTreeMap<String, Served>,
}

/// A contract at an address.
pub(super) struct Served {
    pub(super) dispatch: Arc<dyn Dispatch>,
    introduction: OnceLock<Introduction>,
}

impl Serving {
    /// Serves nothing yet.
    pub fn new(keys: Arc<ServiceKeys>, clock: Arc<dyn Clock>, settings: ServeSettings) -> Self {
        Self { keys, seen: Seen::default(), clock, settings, contracts: BTreeMap::new() }
    }

    /// Serves a contract at its own address.
    #[must_use]
    pub fn contract(self, dispatch: Arc<dyn Dispatch>) -> Self {
        self.contract_at(dispatch.descriptor().address(), dispatch)
    }

    /// Serves a contract at another address, such as `orders-ops.v1`.
    #[must_use]
    pub fn contract_at(mut self, address: impl Into<String>, dispatch: Arc<dyn Dispatch>) -> Self {
        let served = Served { dispatch, introduction: OnceLock::new() };
        self.contracts.insert(address.into(), served);
        self
    }

    pub(super) fn find(&self, address: &str) -> Result<&Served, Failure> {
        self.contracts.get(address).ok_or_else(|| {
            let cause = format!("{address} is not served here");
            Failure::new(FailureKind::Mismatch).because(cause).not_executed()
        })
    }
}

impl Served {
    /// What peers are told of it. Its schemas are written once.
    pub(super) fn introduction(&self) -> &Introduction {
        self.introduction.get_or_init(|| Introduction::of(self.dispatch.descriptor()))
    }

    pub(super) fn streams(&self, method: &str) -> bool {
        let descriptor = self.dispatch.descriptor();
        descriptor.find(method).is_some_and(|number| descriptor.methods[number].stream)
    }
}
