//! The way over NATS, of binaries that have it. `no_broker.rs` is its like for those that have not.

use std::sync::Arc;
use std::time::Duration;

use extract_nats::{
    ChannelSettings, ConnectError, Connection, JetStreamInbox, JetStreamListener, NatsChannel,
    Server, ServerSettings, connect,
};
use extract_wire::{Introduces, Introduction, ServiceKeys, Serving};
use futures_util::FutureExt as _;
use kernel::contract::Unanswered;
use kernel::{Call, Clock, ModuleName, Subscription};
use platform::Inbox;
use platform::ops::Ops;

use crate::background::Job;
use crate::settings::NatsSettings;

/// A broker that can't be used at all. One that does not answer is waited for.
pub type BrokerError = ConnectError;

/// How long a server takes to say that streams end early, after it waited for them, and to have all sent.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The process's connection to the broker, and what calls over it.
#[derive(Clone)]
pub struct Broker {
    connection: Connection,
    channel: Arc<NatsChannel>,
}

/// What serves contracts over the broker.
pub struct Served(Server);

impl Broker {
    /// Begins to connect to the broker of the settings, if they name one.
    pub async fn connect(
        settings: &NatsSettings,
        keys: &Arc<ServiceKeys>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Option<Self>, BrokerError> {
        let Some(url) = &settings.url else { return Ok(None) };
        let urls = url.split(',').map(|url| url.trim().to_owned()).collect();
        let (credentials, prefix) = (settings.credentials.clone(), settings.prefix.clone());
        let connection = connect(&extract_nats::NatsSettings { urls, credentials, prefix }).await?;
        let (keys, clock) = (Arc::clone(keys), Arc::clone(clock));
        let channel = NatsChannel::new(&connection, keys, clock, ChannelSettings::default());
        let channel = Arc::new(channel.await?);
        Ok(Some(Self { connection, channel }))
    }

    /// Calls whoever serves a contract over the broker.
    pub fn channel(&self) -> Arc<dyn Introduces> {
        Arc::<NatsChannel>::clone(&self.channel)
    }

    /// What one of those who serve a contract says of it.
    pub async fn introduction(
        &self,
        address: &str,
        call: &Call,
    ) -> Result<Introduction, Unanswered> {
        self.channel.introduction(address, call).await
    }

    /// The way to the subscriptions of a module.
    pub fn inbox(&self, subscriber: &ModuleName) -> Arc<dyn Inbox> {
        Arc::new(JetStreamInbox::new(&self.connection, subscriber))
    }

    /// What takes the events that come for a subscription.
    pub(crate) fn listen(
        &self,
        subscription: Subscription,
        inbox: Arc<dyn Inbox>,
        producer: Arc<dyn Ops>,
    ) -> Job {
        let listener = JetStreamListener::new(&self.connection, subscription, inbox, producer);
        Box::new(move |stop| listener.run(stop).boxed())
    }

    /// Serves contracts until that is stopped, which then takes as long as `drain`.
    pub async fn serve(
        &self,
        serving: Arc<Serving>,
        drain: Duration,
    ) -> Result<Served, BrokerError> {
        let drain = drain.saturating_sub(LAST_WORDS);
        let settings = ServerSettings { drain, ..ServerSettings::default() };
        Server::start(&self.connection, serving, settings).await.map(Served)
    }
}

impl Served {
    /// Takes no more calls, answers those that are under way, and returns.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}
