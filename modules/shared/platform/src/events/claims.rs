use std::collections::BTreeSet;

use kernel::{DeliveryId, Envelope, Failure, ModuleName, Timestamp};
use sea_orm::FromQueryResult;

use super::inbox::Offered;
use crate::db::{Database, Row, Sql, UnitOfWork, parsed};
use crate::params;

/// At most so many keys, and about so many events and bytes of theirs, are offered at once.
const KEYS: usize = 500;
pub(super) const EVENTS: usize = 1_000;
const BYTES: usize = 4 * 1024 * 1024;

/// The first event of every key of a subscription that nobody claimed, found key by key, so that a long queue of one key
/// costs one look.
const HEADS: &str = "WITH RECURSIVE lane (key) AS (SELECT MIN(key) FROM delivery WHERE subscription = $1 UNION ALL \
     SELECT (SELECT MIN(d.key) FROM delivery d WHERE d.subscription = $1 AND d.key > lane.key) FROM lane \
     WHERE lane.key IS NOT NULL) \
     SELECT id FROM (SELECT (SELECT CASE WHEN e.offered_until <= $2 THEN e.id END FROM delivery e \
     WHERE e.subscription = $1 AND e.key = lane.key ORDER BY e.sequence, e.generation LIMIT 1) AS id FROM lane) AS head \
     WHERE id IS NOT NULL LIMIT $3";

/// A subscription's events that a relay takes to tell.
///
/// A key is claimed by its first event: nobody else can claim it until that is confirmed or the claim is over.
pub(crate) struct Claims<'a> {
    pub(crate) database: &'a Database,
    pub(crate) subscription: &'a str,
    pub(crate) owner: &'a str,
}

#[derive(FromQueryResult)]
struct DueRow {
    id: String,
    generation: i64,
    event_id: String,
    name: String,
    key: String,
    sequence: i64,
    occurred_at: i64,
    traceparent: Option<String>,
    data: String,
}

impl Claims<'_> {
    /// Claims keys that have something to be told, until then, and gives their first events, lowest sequence first.
    pub(crate) async fn take(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Offered>, Failure> {
        let heads = self.database.query(HEADS, params![self.subscription, now, KEYS]).await?;
        if heads.is_empty() {
            return Ok(Vec::new());
        }
        let heads = ids(&heads)?;
        let uow = UnitOfWork::begin(self.database, now).await?;
        uow.by_index().await?;
        let heads = serde_json::json!(heads).to_string();
        let claim = format!(
            "WITH free AS MATERIALIZED (SELECT id FROM delivery WHERE id IN {} AND offered_until <= $1{}) \
             UPDATE delivery SET offered_by = $2, offered_until = $3 WHERE id IN (SELECT id FROM free) RETURNING id",
            self.database.texts(4),
            self.database.skip_locked(),
        );
        let claimed = ids(&uow.query(&claim, params![now, self.owner, until, heads]).await?)?;
        let offers = self.first_events(&uow, &claimed).await?;
        self.release(&uow, &left_out(claimed, &offers), Timestamp::from_micros(0)).await?;
        uow.commit().await?;
        Ok(offers)
    }

    /// So many of each claimed key that together they are a batch. Where they are too many bytes, some keys are left out.
    async fn first_events(
        &self,
        uow: &UnitOfWork,
        claimed: &[String],
    ) -> Result<Vec<Offered>, Failure> {
        if claimed.is_empty() {
            return Ok(Vec::new());
        }
        let each = (EVENTS / claimed.len()).max(1);
        let select = format!(
            "WITH lane AS MATERIALIZED (SELECT h.subscription, h.key, COALESCE((SELECT e.sequence FROM delivery e \
             WHERE e.subscription = h.subscription AND e.key = h.key ORDER BY e.sequence LIMIT 1 OFFSET $1), {}) AS upto \
             FROM delivery h WHERE h.id IN {}) \
             SELECT id, generation, event_id, name, key, sequence, occurred_at, traceparent, data FROM (SELECT d.id, \
             d.generation, d.event_id, o.name, d.key, d.sequence, o.occurred_at, o.traceparent, o.data, \
             SUM(octet_length(o.data)) OVER (ORDER BY d.sequence, d.generation, d.id) - octet_length(o.data) AS before \
             FROM lane {} {}) AS due WHERE before < {BYTES} ORDER BY sequence, generation",
            i64::MAX,
            self.database.texts(2),
            self.database.for_each(
                ("delivery", "d"),
                "d.subscription = lane.subscription AND d.key = lane.key AND d.sequence < lane.upto"
            ),
            self.database.for_each(("outbox", "o"), "o.event_id = d.event_id")
        );
        let claimed = serde_json::json!(claimed).to_string();
        let rows: Vec<DueRow> = uow.all(&select, params![each, claimed]).await?;
        rows.into_iter().map(|row| self.offer(row)).collect()
    }

    /// Ends claims of this owner early, so that those deliveries are offered again from `until` on.
    pub(crate) async fn let_go(
        &self,
        deliveries: &[DeliveryId],
        until: Timestamp,
    ) -> Result<(), Failure> {
        let uow = UnitOfWork::begin(self.database, until).await?;
        uow.by_index().await?;
        let deliveries: Vec<String> = deliveries.iter().map(ToString::to_string).collect();
        self.release(&uow, &deliveries, until).await?;
        uow.commit().await
    }

    async fn release(
        &self,
        uow: &UnitOfWork,
        deliveries: &[String],
        until: Timestamp,
    ) -> Result<(), Failure> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let update = format!(
            "WITH free AS MATERIALIZED (SELECT id FROM delivery WHERE id IN {} AND offered_by = $1 AND offered_until > $2{}) \
             UPDATE delivery SET offered_until = $2 WHERE id IN (SELECT id FROM free)",
            self.database.texts(3),
            self.database.lock_in_order("id")
        );
        let deliveries = serde_json::json!(deliveries).to_string();
        uow.run(&update, params![self.owner, until, deliveries]).await.map(|_| ())
    }

    fn offer(&self, row: DueRow) -> Result<Offered, Failure> {
        let envelope = Envelope {
            specversion: "1.0".to_owned(),
            id: parsed(&row.event_id)?,
            source: source(self.database.module()),
            name: row.name,
            time: Timestamp::from_micros(row.occurred_at),
            subject: row.key,
            sequence: row.sequence.unsigned_abs(),
            traceparent: row.traceparent,
            data: serde_json::from_str(&row.data).map_err(Failure::internal)?,
        };
        let (subscription, generation) = (self.subscription.to_owned(), row.generation);
        Ok(Offered { id: parsed(&row.id)?, subscription, generation, envelope })
    }
}

/// Where the events of a module come from, as their envelopes say it.
pub(crate) fn source(producer: &ModuleName) -> String {
    format!("/galleria/{producer}")
}

/// Those that are claimed, one a key, and not offered.
fn left_out(claimed: Vec<String>, offers: &[Offered]) -> Vec<String> {
    let keys: BTreeSet<&str> = offers.iter().map(|offer| offer.envelope.subject.as_str()).collect();
    if keys.len() == claimed.len() {
        return Vec::new();
    }
    let offered: BTreeSet<String> = offers.iter().map(|offer| offer.id.to_string()).collect();
    claimed.into_iter().filter(|id| !offered.contains(id)).collect()
}

fn ids(rows: &[Row]) -> Result<Vec<String>, Failure> {
    rows.iter().map(|row| row.try_get_by_index(0).map_err(Failure::internal)).collect()
}
