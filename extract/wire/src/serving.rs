use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kernel::contract::Dispatch;
use kernel::{Clock, Failure, FailureKind, Timestamp};

use crate::depth::is_deeper;
use crate::{CallHead, Recognised, Refused, Seen, Served, ServiceKeys, recognise};

/// What callers may send, and how they hear that a stream lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeSettings {
    /// The largest message, in bytes.
    pub largest_body: usize,
    /// How deep arrays and objects of a message may lie within each other.
    pub deepest: usize,
    /// A stream that has nothing to say says that it is alive, as often as this. So does any call over NATS.
    pub heartbeat: Duration,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self { largest_body: 8 * 1024 * 1024, deepest: 64, heartbeat: Duration::from_secs(1) }
    }
}

/// The contracts that this process serves over all its transports, and who may call them. A token is good over one of
/// them, once.
pub struct Serving {
    keys: Arc<ServiceKeys>,
    seen: Seen,
    clock: Arc<dyn Clock>,
    settings: ServeSettings,
    contracts: BTreeMap<String, Served>,
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
        self.contracts.insert(address.into(), Served::new(dispatch));
        self
    }

    /// What time it is here.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What callers may send.
    pub fn settings(&self) -> &ServeSettings {
        &self.settings
    }

    /// All contracts, by address.
    pub fn contracts(&self) -> impl Iterator<Item = (&str, &Served)> {
        self.contracts.iter().map(|(address, served)| (address.as_str(), served))
    }

    /// The contract at an address.
    pub fn find(&self, address: &str) -> Result<&Served, Failure> {
        self.contracts.get(address).ok_or_else(|| {
            let cause = format!("{address} is not served here");
            Failure::new(FailureKind::Mismatch).because(cause).not_executed()
        })
    }

    /// Lets a call in that somebody known makes, once. Whatever is wrong with it, nothing was executed.
    pub fn admit(
        &self,
        target: (&str, &str),
        token: &str,
        head: &CallHead,
        body: &[u8],
    ) -> Result<(), Failure> {
        let recognised = self.recognise(target, token, head)?;
        self.admit_recognised(target, &recognised, head, body)
    }

    /// Recognises who makes a call by its headers, so that nobody unknown has its body read.
    pub fn recognise(
        &self,
        target: (&str, &str),
        token: &str,
        head: &CallHead,
    ) -> Result<Recognised, Failure> {
        let recognised = recognise(&self.keys, token, target, head, self.now());
        recognised.map_err(|refused| unwelcome(target, refused))
    }

    /// Lets a recognised call in, once, if this is its body.
    pub fn admit_recognised(
        &self,
        target: (&str, &str),
        recognised: &Recognised,
        head: &CallHead,
        body: &[u8],
    ) -> Result<(), Failure> {
        let accepted = recognised.accept(&self.seen, (head, body), self.now());
        accepted.map_err(|refused| unwelcome(target, refused))?;
        self.require_shallow(body)
    }

    fn require_shallow(&self, body: &[u8]) -> Result<(), Failure> {
        if is_deeper(body, self.settings.deepest) {
            let cause = format!("it is deeper than {}", self.settings.deepest);
            return Err(Failure::new(FailureKind::Mismatch).because(cause).not_executed());
        }
        Ok(())
    }
}

fn unwelcome((address, method): (&str, &str), refused: Refused) -> Failure {
    tracing::warn!(
        rpc.contract = address,
        rpc.method = method,
        "refused a service token: {refused}"
    );
    let kind = match refused {
        Refused::TooMany => FailureKind::Overloaded,
        Refused::Forged | Refused::Expired | Refused::Moved | Refused::Replayed => {
            FailureKind::Denied
        }
    };
    Failure::new(kind).not_executed()
}
