use std::sync::Arc;

use extract_http::{ChannelSettings, HttpChannel, UrlError};
use extract_wire::{Acquainted, Introduces, Introduction, ServiceKeys};
use kernel::contract::{Peer, Unanswered};
use kernel::{Call, Clock, Failure};

use crate::contracts::contracts_of;
use crate::placement::Place;
use crate::settings::NatsSettings;
use crate::wiring::broker::{Broker, BrokerError};

/// The ways from this process to others.
#[derive(Clone)]
pub struct Transports {
    keys: Arc<ServiceKeys>,
    clock: Arc<dyn Clock>,
    broker: Option<Broker>,
}

impl Transports {
    /// Speaks with these keys, and over the broker of the settings, if they name one.
    pub async fn new(
        keys: Arc<ServiceKeys>,
        clock: Arc<dyn Clock>,
        settings: &NatsSettings,
    ) -> Result<Self, BrokerError> {
        let broker = Broker::connect(settings, &keys, &clock).await?;
        Ok(Self { keys, clock, broker })
    }

    /// The way over the broker, if there is one.
    pub fn broker(&self) -> Option<&Broker> {
        self.broker.as_ref()
    }

    /// Whoever serves contracts at urls.
    pub fn at(&self, urls: &[String]) -> Result<Peer, UrlError> {
        Ok(Peer::new(Arc::new(self.http(urls)?)))
    }

    /// Whoever serves a module at its place; nobody, if that is not in another process. It is called only if both get along.
    pub fn to(&self, module: &str, place: &Place) -> Result<Option<Peer>, UrlError> {
        let channel: Option<Arc<dyn Introduces>> = match place {
            Place::Http(urls) => Some(Arc::new(self.http(urls)?)),
            Place::Nats => self.broker().map(Broker::channel),
            Place::Here | Place::Off | Place::Unknown => None,
        };
        let acquainted = |channel| Acquainted::new(channel, contracts_of(module));
        Ok(channel.map(|channel| Peer::new(Arc::new(acquainted(channel)))))
    }

    /// What is said of a contract at a place.
    pub(crate) async fn introduction(
        &self,
        place: &Place,
        address: &str,
        call: &Call,
    ) -> Result<Introduction, Failure> {
        let refused = |unanswered: Unanswered| {
            unanswered.failure().unwrap_or_else(|| Failure::internal("it was refused"))
        };
        match (place, self.broker()) {
            (Place::Http(urls), _) => {
                let channel = self.http(urls).map_err(Failure::internal)?;
                channel.introduction(address, call).await.map_err(refused)
            }
            (Place::Nats, Some(broker)) => {
                broker.introduction(address, call).await.map_err(refused)
            }
            _ => Err(Failure::internal("there is no way to it").not_executed()),
        }
    }

    fn http(&self, urls: &[String]) -> Result<HttpChannel, UrlError> {
        let (keys, clock) = (Arc::clone(&self.keys), Arc::clone(&self.clock));
        HttpChannel::new(urls, keys, clock, ChannelSettings::default())
    }
}
