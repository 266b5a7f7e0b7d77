use std::collections::BTreeMap;

use kernel::{Envelope, Failure, ModuleName, Timestamp};
use sea_orm::FromQueryResult;

use super::claims::source;
use super::marks::mark;
use crate::db::{Database, Sql as _, UnitOfWork, parsed};
use crate::params;

/// At most so many due events are looked at, and about so many handled, at once.
pub(crate) const EVENTS: usize = 500;

/// The first open event of every key that has something due.
const HEADS: &str = "SELECT h.id, h.key, h.sequence, h.state, h.due_at, h.attempts FROM (SELECT DISTINCT due.key FROM \
     (SELECT key FROM inbox WHERE subscription = $1 AND state = 'pending' AND due_at <= $2 ORDER BY due_at LIMIT $3) AS due) \
     AS lane JOIN inbox h ON h.id = (SELECT e.id FROM inbox e WHERE e.subscription = $1 AND e.key = lane.key \
     AND e.state IN ('pending', 'parked') ORDER BY e.sequence, e.generation LIMIT 1)";

/// What is in the inbox for one subscription. Of a key only the first open event is ever next; a parked one holds the rest.
pub(crate) struct Queue<'a> {
    pub(crate) subscription: &'a str,
}

/// The first open event of a key.
#[derive(FromQueryResult)]
pub(crate) struct Head {
    pub(crate) id: String,
    key: String,
    sequence: i64,
    state: String,
    due_at: i64,
    pub(crate) attempts: i64,
}

#[derive(FromQueryResult, Clone)]
pub(crate) struct InboxRow {
    pub(crate) id: String,
    pub(crate) generation: i64,
    pub(crate) event_id: String,
    name: String,
    pub(crate) key: String,
    sequence: i64,
    occurred_at: i64,
    traceparent: Option<String>,
    data: String,
    state: String,
    pub(crate) attempts: i64,
}

impl Queue<'_> {
    /// The first open event of every key that has something due: those that can be handled, and those that hold the rest back.
    pub(crate) async fn heads(
        &self,
        database: &Database,
        now: Timestamp,
    ) -> Result<(Vec<Head>, Vec<Head>), Failure> {
        let heads: Vec<Head> = database.all(HEADS, params![self.subscription, now, EVENTS]).await?;
        Ok(heads
            .into_iter()
            .partition(|head| head.state == "pending" && head.due_at <= now.micros()))
    }

    /// Puts the later events of a key off until its first one is due, so that they are not looked at in vain.
    pub(crate) async fn hold(&self, uow: &UnitOfWork, head: &Head) -> Result<(), Failure> {
        let lock = if uow.database().is_shared() { " FOR UPDATE" } else { "" };
        let holds = format!(
            "SELECT due_at FROM inbox WHERE id = $1 AND (state = 'parked' OR state = 'pending' AND due_at > $2){lock}"
        );
        if uow.query(&holds, params![head.id, uow.now()]).await?.is_empty() {
            return Ok(());
        }
        let until = if head.state == "parked" { i64::MAX } else { head.due_at };
        let update = "UPDATE inbox SET due_at = $1 WHERE subscription = $2 AND key = $3 AND state IN ('pending', 'parked') \
                      AND state = 'pending' AND sequence >= $4 AND id <> $5 AND due_at <= $6";
        let values = params![until, self.subscription, head.key, head.sequence, head.id, uow.now()];
        uow.run(update, values).await.map(|_| ())
    }

    /// Ends what [`hold`](Self::hold) did: something else is first of the key now, or the first one is due.
    pub(crate) async fn release(&self, uow: &UnitOfWork, key: &str) -> Result<(), Failure> {
        let update = "UPDATE inbox SET due_at = $1 WHERE subscription = $2 AND key = $3 \
                      AND state IN ('pending', 'parked') AND state = 'pending' AND due_at > $1";
        uow.run(update, params![uow.now(), self.subscription, key]).await.map(|_| ())
    }

    /// Takes those that nobody else works on, and gives about so many events of their keys, up to the first that is parked.
    pub(crate) async fn take(
        &self,
        uow: &UnitOfWork,
        heads: &[&str],
        events: usize,
    ) -> Result<Vec<InboxRow>, Failure> {
        uow.by_index().await?;
        // Written so that no other index than the one of the ids can serve: there may be many that are due.
        let lock = format!(
            "SELECT h.id FROM inbox h WHERE h.id IN {} AND COALESCE(h.state, '') = 'pending' AND h.due_at + 0 <= $1 \
             AND NOT EXISTS (SELECT 1 FROM inbox e WHERE e.subscription = h.subscription AND e.key = h.key \
             AND e.state IN ('pending', 'parked') AND e.sequence < h.sequence){}",
            uow.database().texts(2),
            uow.database().skip_locked()
        );
        let heads = serde_json::json!(heads).to_string();
        let taken: Vec<String> = uow
            .query(&lock, params![uow.now(), heads])
            .await?
            .iter()
            .map(|row| row.try_get_by_index(0).map_err(Failure::internal))
            .collect::<Result<_, _>>()?;
        if taken.is_empty() {
            return Ok(Vec::new());
        }
        let each = (events / taken.len()).max(1);
        let select = format!(
            "WITH lane AS MATERIALIZED (SELECT h.subscription, h.key, COALESCE((SELECT e.sequence FROM inbox e \
             WHERE e.subscription = h.subscription AND e.key = h.key AND e.state IN ('pending', 'parked') \
             ORDER BY e.sequence LIMIT 1 OFFSET $1), {}) AS upto FROM inbox h WHERE h.id IN {}) \
             SELECT i.id, i.generation, i.event_id, i.name, i.key, i.sequence, i.occurred_at, i.traceparent, i.data, \
             i.state, i.attempts FROM lane {} ORDER BY i.sequence, i.generation",
            i64::MAX,
            uow.database().texts(2),
            uow.database().for_each(
                ("inbox", "i"),
                "i.subscription = lane.subscription AND i.key = lane.key \
                 AND i.state IN ('pending', 'parked') AND i.sequence < lane.upto"
            )
        );
        let taken = serde_json::json!(taken).to_string();
        Ok(up_to_the_first_that_is_parked(uow.all(&select, params![each, taken]).await?))
    }

    /// Notes what was handled, in the transaction of its effects.
    pub(crate) async fn finish(&self, uow: &UnitOfWork, batch: &[InboxRow]) -> Result<(), Failure> {
        let ids: Vec<&str> = batch.iter().map(|row| row.id.as_str()).collect();
        let update = format!(
            "UPDATE inbox SET state = 'done', handled_at = $1, cause = NULL WHERE id IN {}",
            uow.database().texts(2)
        );
        let ids = serde_json::json!(ids).to_string();
        uow.run(&update, params![uow.now(), ids]).await?;
        let mut marks: BTreeMap<(i64, &str), i64> = BTreeMap::new();
        for row in batch {
            let highest = marks.entry((row.generation, &row.key)).or_default();
            *highest = row.sequence.max(*highest);
        }
        let marks: Vec<_> =
            marks.into_iter().map(|((generation, key), mark)| (generation, key, mark)).collect();
        mark(uow, self.subscription, &marks).await
    }

    /// Notes that an event failed. A parked one holds the rest of its key.
    pub(crate) async fn put_off(
        &self,
        uow: &UnitOfWork,
        row: &InboxRow,
        (parked, attempts, due): (bool, u32, Timestamp),
        cause: &str,
    ) -> Result<(), Failure> {
        let state = if parked { "parked" } else { "pending" };
        let update = "UPDATE inbox SET state = $2, attempts = $3, due_at = $4, cause = $5 WHERE id = $1 AND state = 'pending'";
        uow.run(update, params![row.id, state, attempts, due, cause]).await.map(|_| ())
    }
}

fn up_to_the_first_that_is_parked(rows: Vec<InboxRow>) -> Vec<InboxRow> {
    let mut held = std::collections::BTreeSet::new();
    rows.into_iter()
        .filter(|row| {
            if row.state == "parked" {
                held.insert(row.key.clone());
            }
            !held.contains(&row.key)
        })
        .collect()
}

impl InboxRow {
    pub(crate) fn envelope(&self) -> Result<Envelope, Failure> {
        Ok(Envelope {
            specversion: "1.0".to_owned(),
            id: parsed(&self.event_id)?,
            source: source(&ModuleName::of(&self.name)),
            name: self.name.clone(),
            time: Timestamp::from_micros(self.occurred_at),
            subject: self.key.clone(),
            sequence: self.sequence.unsigned_abs(),
            traceparent: self.traceparent.clone(),
            data: serde_json::from_str(&self.data).map_err(Failure::internal)?,
        })
    }
}
