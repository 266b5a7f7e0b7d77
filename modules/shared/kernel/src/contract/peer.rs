use std::sync::Arc;

use super::retry::RetryBudget;
use super::{Channel, RetrySettings};

/// Somebody to be called over a channel, with the retry budget that all calls over it share. Cheap to clone.
#[derive(Clone)]
pub struct Peer {
    pub(super) channel: Arc<dyn Channel>,
    pub(super) retry: RetrySettings,
    pub(super) budget: Arc<RetryBudget>,
    pub(super) address: Option<String>,
}

impl Peer {
    /// A peer that serves contracts at their own addresses.
    pub fn new(channel: Arc<dyn Channel>) -> Self {
        Self::with(channel, RetrySettings::default())
    }

    /// The same with other ideas of trying again.
    pub fn with(channel: Arc<dyn Channel>, retry: RetrySettings) -> Self {
        Self { channel, retry, budget: Arc::new(RetryBudget::new(&retry)), address: None }
    }

    /// The same peer, and budget, for a contract at another address, such as `orders-ops.v1`.
    #[must_use]
    pub fn at(&self, address: impl Into<String>) -> Self {
        Self { address: Some(address.into()), ..self.clone() }
    }
}
