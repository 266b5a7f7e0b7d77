use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Clock, DeliveryId, Envelope, Failure};
use sea_orm::FromQueryResult;

use crate::db::{Database, Sql as _, UnitOfWork, placeholders};
use crate::params;

/// An event that a producer offers to a subscription.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The delivery.
    pub id: DeliveryId,
    /// To which subscription.
    pub subscription: String,
    /// In which generation of it.
    pub generation: i64,
    /// The event.
    pub envelope: Envelope,
}

/// Where a subscription's events go. In this process or another.
#[async_trait]
pub trait Inbox: Send + Sync + 'static {
    /// Stores what is offered, all of it, and returns when that is committed. What it has already changes nothing.
    async fn store(&self, offers: &[Offered]) -> Result<(), Failure>;
}

/// The inbox of a module of this process.
pub(crate) struct LocalInbox {
    database: Database,
    clock: Arc<dyn Clock>,
}

#[derive(FromQueryResult)]
struct MarkRow {
    subscription: String,
    generation: i64,
    key: String,
    sequence: i64,
}

impl LocalInbox {
    pub(crate) fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// What was handled before is a repeat, however long ago.
    async fn fresh<'o>(
        &self,
        uow: &UnitOfWork,
        offers: &'o [Offered],
    ) -> Result<Vec<&'o Offered>, Failure> {
        let keys: BTreeSet<&str> =
            offers.iter().map(|offer| offer.envelope.subject.as_str()).collect();
        let select = format!(
            "SELECT subscription, generation, key, sequence FROM inbox_mark WHERE key IN {}",
            placeholders(1, keys.len(), 1)
        );
        let marks: Vec<MarkRow> =
            uow.all(&select, keys.iter().flat_map(|key| params![*key]).collect()).await?;
        let marks: BTreeMap<(&str, i64, &str), i64> = marks
            .iter()
            .map(|mark| {
                ((mark.subscription.as_str(), mark.generation, mark.key.as_str()), mark.sequence)
            })
            .collect();
        let handled = |offer: &Offered| {
            let place =
                (offer.subscription.as_str(), offer.generation, offer.envelope.subject.as_str());
            marks.get(&place).is_some_and(|mark| offer.envelope.sequence <= mark.unsigned_abs())
        };
        Ok(offers.iter().filter(|offer| !handled(offer)).collect())
    }
}

#[async_trait]
impl Inbox for LocalInbox {
    async fn store(&self, offers: &[Offered]) -> Result<(), Failure> {
        if offers.is_empty() {
            return Ok(());
        }
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        for chunk in self.fresh(&uow, offers).await?.chunks(250) {
            let insert = format!(
                "INSERT INTO inbox (id, subscription, generation, event_id, name, key, sequence, occurred_at, traceparent, \
                 data, state, attempts, due_at, received_at) VALUES {} ON CONFLICT DO NOTHING",
                placeholders(chunk.len(), 14, 1)
            );
            let mut values = Vec::with_capacity(chunk.len() * 14);
            for Offered { id, subscription, generation, envelope } in chunk {
                let data = envelope.data.to_string();
                values.extend(params![
                    id,
                    subscription,
                    *generation,
                    envelope.id,
                    envelope.name,
                    envelope.subject
                ]);
                values.extend(params![
                    envelope.sequence,
                    envelope.time,
                    envelope.traceparent,
                    data
                ]);
                values.extend(params!["pending", 0_i64, uow.now(), uow.now()]);
            }
            uow.run(&insert, values).await?;
        }
        crate::fault::reach("events.before-inbox-commit");
        uow.commit().await?;
        crate::fault::reach("events.stored");
        self.database.arrivals().note(offers.iter().map(|offer| offer.subscription.as_str()));
        Ok(())
    }
}
