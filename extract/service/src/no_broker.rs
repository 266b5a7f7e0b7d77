//! What stands for the way over NATS in binaries that have none. No value of it can be made.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use extract_wire::{Introduces, Introduction, ServiceKeys, Serving};
use kernel::contract::Unanswered;
use kernel::{Call, Clock, ModuleName, Subscription};
use platform::Inbox;
use platform::ops::Ops;

use crate::background::Job;
use crate::settings::NatsSettings;

/// Nothing goes wrong that is never done.
pub type BrokerError = Infallible;

/// The connection to a broker that this binary can't have.
#[derive(Clone)]
pub enum Broker {}

/// What serves contracts over it.
pub enum Served {}

#[expect(clippy::unused_async, reason = "it looks like the one that there is with the feature")]
impl Broker {
    /// There is none, whatever the settings name.
    pub async fn connect(
        _: &NatsSettings,
        _: &Arc<ServiceKeys>,
        _: &Arc<dyn Clock>,
    ) -> Result<Option<Self>, BrokerError> {
        Ok(None)
    }

    /// Never called.
    pub fn channel(&self) -> Arc<dyn Introduces> {
        match *self {}
    }

    /// Never called.
    pub async fn introduction(&self, _: &str, _: &Call) -> Result<Introduction, Unanswered> {
        match *self {}
    }

    /// Never called.
    pub fn inbox(&self, _: &ModuleName) -> Arc<dyn Inbox> {
        match *self {}
    }

    pub(crate) fn listen(&self, _: Subscription, _: Arc<dyn Inbox>, _: Arc<dyn Ops>) -> Job {
        match *self {}
    }

    /// Never called.
    pub async fn serve(&self, _: Arc<Serving>, _: Duration) -> Result<Served, BrokerError> {
        match *self {}
    }
}

#[expect(clippy::unused_async, reason = "it looks like the one that there is with the feature")]
impl Served {
    /// Never called.
    pub async fn stop(self) {
        match self {}
    }
}
