use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Clock, DeliveryId, Envelope, Failure};
use sea_orm::FromQueryResult;

use super::queue::Queue;
use crate::db::{Database, Sql as _, UnitOfWork, list, placeholders};
use crate::params;

/// So many rows of a statement that its parameters fit on both engines.
const CHUNK: usize = 500;

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
pub fn local_inbox(database: Database, clock: Arc<dyn Clock>) -> Arc<dyn Inbox> {
    Arc::new(LocalInbox { database, clock })
}

struct LocalInbox {
    database: Database,
    clock: Arc<dyn Clock>,
}

#[derive(FromQueryResult)]
struct MarkRow {
    generation: i64,
    key: String,
    sequence: i64,
}

#[async_trait]
impl Inbox for LocalInbox {
    async fn store(&self, offers: &[Offered]) -> Result<(), Failure> {
        if offers.is_empty() {
            return Ok(());
        }
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        uow.by_index().await?;
        let mut fresh = fresh(&uow, offers).await?;
        // Two that store the same do it in the same order, and so don't wait for each other in a circle.
        fresh.sort_by_key(|offer| offer.id);
        for chunk in fresh.chunks(CHUNK) {
            insert(&uow, chunk).await?;
            supersede(&uow, chunk).await?;
        }
        crate::fault::reach("events.before-inbox-commit");
        uow.commit().await?;
        crate::fault::reach("events.stored");
        self.database.workers().wake(offers.iter().map(|offer| offer.subscription.as_str()));
        Ok(())
    }
}

/// What was handled before, in this generation or a later one, is a repeat, however long ago.
async fn fresh<'o>(uow: &UnitOfWork, offers: &'o [Offered]) -> Result<Vec<&'o Offered>, Failure> {
    let mut marks = BTreeMap::new();
    let subscriptions: BTreeSet<&str> =
        offers.iter().map(|offer| offer.subscription.as_str()).collect();
    for subscription in subscriptions {
        let offers = offers.iter().filter(|offer| offer.subscription == subscription);
        let keys: BTreeSet<&str> = offers.map(|offer| offer.envelope.subject.as_str()).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        let (places, values) = list(&keys, params![subscription]);
        let select = format!(
            "SELECT generation, key, sequence FROM inbox_mark WHERE subscription = $1 AND key IN {places}"
        );
        for mark in uow.all::<MarkRow>(&select, values).await? {
            marks.entry((subscription, mark.key.clone())).or_insert_with(Vec::new).push(mark);
        }
    }
    let is_repeat = |offer: &&Offered| {
        let place = (offer.subscription.as_str(), offer.envelope.subject.clone());
        marks.get(&place).is_some_and(|marks| marks.iter().any(|mark| mark.covers(offer)))
    };
    Ok(offers.iter().filter(|offer| !is_repeat(offer)).collect())
}

impl MarkRow {
    fn covers(&self, offer: &Offered) -> bool {
        self.generation >= offer.generation
            && self.sequence.unsigned_abs() >= offer.envelope.sequence
    }
}

async fn insert(uow: &UnitOfWork, offers: &[&Offered]) -> Result<(), Failure> {
    let insert = format!(
        "INSERT INTO inbox (id, subscription, generation, event_id, name, key, sequence, occurred_at, traceparent, \
         data, state, attempts, due_at, received_at) VALUES {} ON CONFLICT DO NOTHING",
        placeholders(offers.len(), 14, 1)
    );
    let mut values = Vec::with_capacity(offers.len() * 14);
    for Offered { id, subscription, generation, envelope } in offers {
        let Envelope { subject, sequence, time, traceparent, .. } = envelope;
        let data = envelope.data.to_string();
        values.extend(params![id, subscription, *generation, envelope.id, envelope.name]);
        values.extend(params![subject, *sequence, *time, traceparent, data]);
        values.extend(params!["pending", 0_i64, uow.now(), uow.now()]);
    }
    uow.run(&insert, values).await.map(|_| ())
}

/// What an older generation has still to handle is handled by the newer one.
async fn supersede(uow: &UnitOfWork, offers: &[&Offered]) -> Result<(), Failure> {
    for Offered { subscription, generation, envelope, .. } in
        offers.iter().filter(|offer| offer.generation > 1)
    {
        let delete = "DELETE FROM inbox WHERE event_id = $1 AND subscription = $2 AND generation < $3 \
                      AND state IN ('pending', 'parked')";
        let superseded = uow.run(delete, params![envelope.id, subscription, *generation]).await?;
        if superseded > 0 {
            Queue { subscription }.release(uow, &envelope.subject).await?;
        }
    }
    Ok(())
}
