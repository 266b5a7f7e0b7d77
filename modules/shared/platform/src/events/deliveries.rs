use std::collections::BTreeMap;

use kernel::{DeliveryId, Failure, Subscription, Timestamp};

use crate::db::{Database, Sql as _, UnitOfWork};
use crate::params;

/// The producer's side: which event is still to be told to which subscription. What is confirmed is forgotten.
pub(crate) struct Deliveries<'a> {
    pub(super) database: &'a Database,
}

impl<'a> Deliveries<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// Notes who wants to be told of this module's events from now on. Those that are noted already stay as they are.
    pub(crate) async fn subscribe(
        &self,
        wanted: &[Subscription],
        now: Timestamp,
    ) -> Result<(), Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        // The inbox remembers what it handled in each generation. A later life that began anew would be told repeats.
        let revive = "UPDATE subscription SET event = $2, generation = generation + 1, recorded_at = $3 \
                      WHERE name = $1 AND event = ''";
        let insert = "INSERT INTO subscription (name, event, generation, recorded_at) VALUES ($1, $2, 1, $3) \
                      ON CONFLICT (name) DO NOTHING";
        for Subscription { name, event } in wanted {
            uow.run(revive, params![*name, *event, now]).await?;
            uow.run(insert, params![*name, *event, now]).await?;
        }
        if !self.database.is_shared() {
            // Where only one process works, nobody holds what the last run of it had claimed.
            uow.run("UPDATE delivery SET offered_until = 0 WHERE offered_until > 0", params![])
                .await?;
        }
        uow.commit().await
    }

    /// Notes that inboxes stored deliveries; gives how many were not noted before, by subscription.
    pub(crate) async fn confirm(
        &self,
        deliveries: &[DeliveryId],
        now: Timestamp,
    ) -> Result<BTreeMap<String, u64>, Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        uow.by_index().await?;
        // In their order: two that confirm the same then don't wait for each other in a circle.
        let mut deliveries = deliveries.to_vec();
        deliveries.sort_unstable();
        let delete = if self.database.is_shared() {
            "DELETE FROM delivery d USING jsonb_array_elements_text(CAST($1 AS jsonb)) AS told (id) \
             WHERE d.id = told.id RETURNING d.subscription"
        } else {
            "DELETE FROM delivery WHERE id IN (SELECT value FROM json_each($1)) RETURNING subscription"
        };
        let deliveries = serde_json::json!(deliveries).to_string();
        let mut confirmed: BTreeMap<String, u64> = BTreeMap::new();
        for row in uow.query(delete, params![deliveries]).await? {
            let subscription = row.try_get_by_index(0).map_err(Failure::internal)?;
            *confirmed.entry(subscription).or_default() += 1;
        }
        uow.commit().await?;
        crate::fault::reach("events.confirmed");
        for (subscription, events) in &confirmed {
            metrics::counter!("galleria_events_relayed_total", "subscription" => subscription.clone())
                .increment(*events);
        }
        Ok(confirmed)
    }

    /// Ends a subscription, and drops what it was not told yet. Gives whether there was one. What is left of it is its
    /// generation, beside the name of no event.
    pub(crate) async fn unsubscribe(
        &self,
        subscription: &str,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let uow = self.alone(now).await?;
        let end = "UPDATE subscription SET event = '' WHERE name = $1 AND event <> ''";
        let ended = uow.run(end, params![subscription]).await?;
        uow.run("DELETE FROM delivery WHERE subscription = $1", params![subscription]).await?;
        uow.commit().await?;
        Ok(ended > 0)
    }

    /// A unit of work during which nobody publishes, and no event goes: it begins when those that do so are over.
    pub(super) async fn alone(&self, now: Timestamp) -> Result<UnitOfWork, Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        if self.database.is_shared() {
            // In the order of those that publish, who draw a number and read the subscriptions before they write an event.
            let lock = "LOCK TABLE outbox_key, outbox IN SHARE ROW EXCLUSIVE MODE";
            uow.run(lock, Vec::new()).await?;
        }
        Ok(uow)
    }
}
