use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Clock, Failure};
use tokio_util::sync::CancellationToken;

use super::deliveries::Deliveries;
use super::inbox::{Inbox, Offered};
use super::settings::EventSettings;
use crate::db::Database;
use crate::fault;

/// Tells a module's events to their subscriptions. Several processes may do so side by side.
pub struct Relay {
    database: Database,
    clock: Arc<dyn Clock>,
    settings: EventSettings,
    /// Names this process among those that share the database.
    owner: String,
    routes: BTreeMap<String, Arc<dyn Inbox>>,
    subscriptions: Vec<String>,
}

impl Relay {
    pub(crate) fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        settings: EventSettings,
        routes: BTreeMap<String, Arc<dyn Inbox>>,
    ) -> Self {
        let owner = kernel::EventId::random().to_string();
        let subscriptions = routes.keys().cloned().collect();
        Self { database, clock, settings, owner, routes, subscriptions }
    }

    /// Relays until it is told to stop: at once when something is published, and every now and then.
    pub async fn run(self, stop: CancellationToken) {
        if self.subscriptions.is_empty() {
            return;
        }
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(failure) => {
                    let module = self.database.module();
                    tracing::error!(module.name = %module, error = %failure.chain(), "relay of {module} failed, tries again");
                }
            }
            tokio::select! {
                () = self.database.published() => {}
                () = crate::jobs::pause(self.settings.poll) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Offers what is due, once; gives how many events.
    pub async fn step(&self) -> Result<usize, Failure> {
        if self.subscriptions.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        let deliveries = Deliveries::new(&self.database);
        let due = deliveries
            .claim(&self.owner, &self.subscriptions, (now, now.plus(self.settings.lease)))
            .await?;
        fault::reach("events.claimed");
        let offered = due.len();
        let mut by_subscription: BTreeMap<String, Vec<Offered>> = BTreeMap::new();
        for offer in due {
            by_subscription.entry(offer.subscription.clone()).or_default().push(offer);
        }
        for (subscription, offers) in by_subscription {
            self.offer(&subscription, &offers).await?;
        }
        Ok(offered)
    }

    /// One subscription that can't store its events costs the others nothing.
    async fn offer(&self, subscription: &str, offers: &[Offered]) -> Result<(), Failure> {
        let deliveries = Deliveries::new(&self.database);
        let Some(inbox) = self.routes.get(subscription) else { return Ok(()) };
        match inbox.store(offers).await {
            Ok(()) => {
                let ids: Vec<_> = offers.iter().map(|offer| offer.id).collect();
                deliveries.confirm(&ids, self.clock.now()).await?;
                fault::reach("events.confirmed");
                metrics::counter!("galleria_events_relayed_total", "subscription" => subscription.to_owned())
                    .increment(ids.len() as u64);
                Ok(())
            }
            Err(failure) => {
                tracing::warn!(subscription, error = %failure.chain(), "{subscription} can't store its events, offers again");
                let until = self.clock.now().plus(self.settings.first_backoff);
                deliveries.postpone(&self.owner, subscription, until).await
            }
        }
    }
}
