use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use extract_wire::{CallHead, ServiceKeys, Serving};
use kernel::contract::{Channel, Problem};

/// A transport, as its tests set it up.
#[async_trait(?Send)]
pub trait Way: Sized + Send + Sync + 'static {
    /// Sets it up; `None` where what it needs is not there, which is said.
    async fn open() -> Option<Self>;

    /// Serves contracts in another process, so to say, and goes there as whoever has the keys.
    async fn reach(
        &self,
        serving: Serving,
        keys: Arc<ServiceKeys>,
        patience: Patience,
    ) -> Box<dyn Reached>;
}

/// A process that serves contracts until this is dropped.
#[async_trait(?Send)]
pub trait Reached: Send + Sync {
    /// The way there.
    fn channel(&self) -> Arc<dyn Channel>;

    /// Sends a call as it stands.
    async fn show(&self, shown: Shown<'_>) -> Result<Bytes, Box<Problem>>;
}

/// A call that somebody made up.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Contract and method.
    pub target: (&'a str, &'a str),
    /// The service token.
    pub token: &'a str,
    /// The context.
    pub head: &'a CallHead,
    /// The message.
    pub body: &'static str,
}

/// What a caller puts up with.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// A stream of which nothing was heard for so long is dead.
    pub silence: Duration,
    /// The largest answer, in bytes.
    pub largest_answer: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self { silence: Duration::from_secs(15), largest_answer: 1_000_000 }
    }
}
