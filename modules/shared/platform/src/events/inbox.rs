use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Clock, DeliveryId, Envelope, Failure};
use schemars::JsonSchema;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use super::blanking::is_personal;
use super::queue::Queue;
use crate::db::{Database, Sql as _, UnitOfWork};
use crate::params;

/// An event that a producer offers to a subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The subscriber has it, committed.
    Stored,
    /// It is under way. The subscriber confirms it to the producer when it has it, or it is offered again.
    Sent,
}

/// Where a subscription's events go. In this process or another.
#[async_trait]
pub trait Inbox: Send + Sync + 'static {
    /// Stores what is offered, all of it or nothing, or sends it to where that is done. What is there already changes nothing.
    ///
    /// However late or often an offer arrives, it overtakes nothing: of each key it begins with the first event that was not
    /// confirmed when it was made.
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure>;

    /// How many bytes of JSON an offer may have.
    fn largest(&self) -> usize {
        usize::MAX
    }
}

/// The inbox of a module of this process.
pub fn local_inbox(database: Database, clock: Arc<dyn Clock>) -> Arc<dyn Inbox> {
    Arc::new(LocalInbox { database, clock })
}

struct LocalInbox {
    database: Database,
    clock: Arc<dyn Clock>,
}

/// The highest sequence that was handled of a key.
#[derive(FromQueryResult)]
struct MarkRow {
    key: String,
    sequence: Option<i64>,
}

#[async_trait]
impl Inbox for LocalInbox {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        if offers.is_empty() {
            return Ok(Taken::Stored);
        }
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        uow.by_index().await?;
        let mut fresh = fresh(&uow, offers).await?;
        // Two that store the same do it in the same order, and so don't wait for each other in a circle.
        fresh.sort_by_key(|offer| offer.id);
        insert(&uow, &fresh).await?;
        supersede(&uow, &fresh).await?;
        crate::fault::reach("events.before-inbox-commit");
        uow.commit().await?;
        crate::fault::reach("events.stored");
        self.database.workers().wake(offers.iter().map(|offer| offer.subscription.as_str()));
        Ok(Taken::Stored)
    }
}

/// What was handled before, in this generation or a later one, is a repeat, however long ago.
async fn fresh<'o>(uow: &UnitOfWork, offers: &'o [Offered]) -> Result<Vec<&'o Offered>, Failure> {
    let mut keys: BTreeMap<(&str, i64), BTreeSet<&str>> = BTreeMap::new();
    for Offered { subscription, generation, envelope, .. } in offers {
        keys.entry((subscription, *generation)).or_default().insert(&envelope.subject);
    }
    let mut handled = BTreeMap::new();
    for ((subscription, generation), keys) in keys {
        let select = format!(
            "SELECT value AS key, (SELECT MAX(m.sequence) FROM inbox_mark m WHERE m.subscription = $1 \
             AND m.key = lane.value AND m.generation >= $2) AS sequence FROM {} AS lane",
            uow.database().texts(3)
        );
        let values = params![subscription, generation, serde_json::json!(keys).to_string()];
        for MarkRow { key, sequence } in uow.all(&select, values).await? {
            handled.insert((subscription, generation, key), sequence.unwrap_or_default());
        }
    }
    let is_new = |Offered { subscription, generation, envelope, .. }: &&Offered| {
        let lane = (subscription.as_str(), *generation, envelope.subject.clone());
        handled.get(&lane).is_none_or(|handled| envelope.sequence > handled.unsigned_abs())
    };
    Ok(offers.iter().filter(is_new).collect())
}

async fn insert(uow: &UnitOfWork, offers: &[&Offered]) -> Result<(), Failure> {
    let insert = format!(
        "INSERT INTO inbox (id, subscription, generation, event_id, name, key, sequence, occurred_at, traceparent, \
         data, blanked_at, state, attempts, due_at, received_at) SELECT value ->> 0, value ->> 1, CAST(value ->> 2 AS BIGINT), \
         value ->> 3, value ->> 4, value ->> 5, CAST(value ->> 6 AS BIGINT), CAST(value ->> 7 AS BIGINT), value ->> 8, \
         value ->> 9, CAST(value ->> 10 AS BIGINT), 'pending', 0, $2, $2 FROM {} AS offered WHERE TRUE ON CONFLICT DO NOTHING",
        uow.database().arrays(1)
    );
    let rows: Vec<_> = offers
        .iter()
        .map(|Offered { id, subscription, generation, envelope }| {
            let Envelope { id: event, name, subject, sequence, time, traceparent, .. } = envelope;
            let (time, data) = (time.micros(), envelope.data.to_string());
            // What holds no personal data has nothing to be blanked later.
            let blanked_at = (!is_personal(&envelope.data)).then(|| uow.now().micros());
            (
                id,
                subscription,
                generation,
                event,
                name,
                subject,
                sequence,
                time,
                traceparent,
                data,
                blanked_at,
            )
        })
        .collect();
    let rows = serde_json::to_string(&rows).map_err(Failure::internal)?;
    uow.run(&insert, params![rows, uow.now()]).await.map(|_| ())
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
