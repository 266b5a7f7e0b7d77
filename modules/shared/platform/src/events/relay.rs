use std::sync::Arc;

use kernel::{Clock, Failure};
use tokio_util::sync::CancellationToken;

use super::claims::Claims;
use super::deliveries::Deliveries;
use super::inbox::Inbox;
use super::settings::EventSettings;
use crate::db::Database;
use crate::{fault, jobs};

/// Tells a module's events to one subscription, whatever becomes of the others. Several processes may do so side by side.
pub struct Relay {
    database: Database,
    clock: Arc<dyn Clock>,
    settings: EventSettings,
    /// Names this relay among those of the processes that share the database.
    owner: String,
    subscription: String,
    inbox: Arc<dyn Inbox>,
}

impl Relay {
    /// A relay from the producer's database to where the subscription's events go.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        settings: EventSettings,
        subscription: impl Into<String>,
        inbox: Arc<dyn Inbox>,
    ) -> Self {
        let owner = kernel::EventId::random().to_string();
        Self { database, clock, settings, owner, subscription: subscription.into(), inbox }
    }

    /// Relays until it is told to stop: at once when something is published, and every now and then.
    pub async fn run(self, stop: CancellationToken) {
        let name = &self.subscription;
        let published = self.database.relays().of(name);
        let mut failed = 0;
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => failed = 0,
                Ok(_) => {
                    failed = 0;
                    continue;
                }
                Err(failure) => {
                    failed += 1;
                    tracing::warn!(subscription = name, error = %failure.chain(), "{name} can't be told its events, offers again");
                    let (first, most) =
                        (self.settings.first_backoff, self.settings.longest_relay_backoff);
                    let wait = jobs::pause(jobs::backoff(first, most, failed));
                    let _stopped = stop.run_until_cancelled(wait).await;
                    continue;
                }
            }
            tokio::select! {
                () = published.notified() => {}
                () = jobs::pause(self.settings.poll) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Offers what is due, once; gives how many events. A failure lets go of what was claimed.
    pub async fn step(&self) -> Result<usize, Failure> {
        let now = self.clock.now();
        let claims = Claims {
            database: &self.database,
            subscription: &self.subscription,
            owner: &self.owner,
        };
        let offers = claims.take(now, now.plus(self.settings.lease)).await?;
        if offers.is_empty() {
            return Ok(0);
        }
        fault::reach("events.claimed");
        if let Err(failure) = self.inbox.store(&offers).await {
            claims.let_go(now).await?;
            return Err(failure);
        }
        let ids: Vec<_> = offers.iter().map(|offer| offer.id).collect();
        Deliveries::new(&self.database).confirm(&ids, self.clock.now()).await?;
        fault::reach("events.confirmed");
        metrics::counter!("galleria_events_relayed_total", "subscription" => self.subscription.clone())
            .increment(ids.len() as u64);
        Ok(ids.len())
    }
}
