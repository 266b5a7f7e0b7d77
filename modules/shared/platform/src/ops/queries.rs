use std::fmt::Write as _;

use kernel::{CallError, DeliveryId, Envelope, EventId, Failure, ModuleName, Page, Timestamp};
use sea_orm::FromQueryResult;

use super::messages::{
    Delivery, DeliveryDetail, DeliveryState, ListDeliveries, ListSagas, OpsRefusal, SagaSummary,
};
use crate::db::{Database, Sql as _, parsed};
use crate::params;

const MOST: u32 = 200;

/// What is in the inbox, and what this module published that no inbox confirmed yet.
const DELIVERIES: &str = "SELECT * FROM (\
    SELECT id, subscription, generation, event_id, name, key, sequence, state, attempts, cause, occurred_at FROM inbox \
    UNION ALL \
    SELECT d.id, d.subscription, d.generation, d.event_id, o.name, d.key, d.sequence, 'pending', 0, NULL, o.occurred_at \
    FROM delivery d JOIN outbox o ON o.event_id = d.event_id \
    WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.id = d.id)) AS listed";

#[derive(FromQueryResult)]
struct DeliveryRow {
    id: String,
    subscription: String,
    generation: i64,
    event_id: String,
    name: String,
    key: String,
    sequence: i64,
    state: String,
    attempts: i64,
    cause: Option<String>,
    occurred_at: i64,
    under_way_until: Option<i64>,
}

#[derive(FromQueryResult)]
struct EventRow {
    data: String,
    traceparent: Option<String>,
}

#[derive(FromQueryResult)]
struct SagaRow {
    id: String,
    kind: String,
    state: String,
    epoch: i64,
    attempts: i64,
    cause: Option<String>,
    started_at: i64,
    deadline_at: i64,
    settled_at: Option<i64>,
}

/// Newest event first; the cursor names the last delivery of the page before.
pub(super) async fn deliveries(
    database: &Database,
    request: ListDeliveries,
    now: Timestamp,
) -> Result<Page<Delivery>, CallError<OpsRefusal>> {
    let (mut sql, mut values) = ("WHERE 1 = 1".to_owned(), Vec::new());
    match request.state {
        None => {}
        Some(DeliveryState::Pending) => sql.push_str(" AND state = 'pending'"),
        Some(DeliveryState::Parked) => sql.push_str(" AND state = 'parked'"),
        Some(DeliveryState::Done) => sql.push_str(" AND state IN ('done', 'skipped')"),
    }
    if let Some(subscription) = request.subscription {
        values.extend(params![subscription]);
        sql.push_str(" AND subscription = $1");
    }
    if let Some(before) = request.before {
        values.extend(params![before]);
        let _ = write!(sql, " AND occurred_at < ${}", values.len());
    }
    if let Some(cursor) = request.page.cursor {
        let (event, delivery) = delivery_cursor(&cursor).ok_or(OpsRefusal::UnknownCursor)?;
        let first = values.len() + 1;
        let _ = write!(sql, " AND (event_id, id) < (${first}, ${})", first + 1);
        values.extend(params![event, delivery]);
    }
    let limit = request.page.limit.clamp(1, MOST);
    let _ = write!(sql, " ORDER BY event_id DESC, id DESC LIMIT {}", limit + 1);
    values.extend(params![now]);
    let rows: Vec<DeliveryRow> = database.all(&with_claims(&sql, values.len()), values).await?;
    let found: Vec<Delivery> =
        rows.into_iter().map(DeliveryRow::into_delivery).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |last| format!("{}.{}", last.event_id, last.id)))
}

/// Those deliveries, with how long their keys are claimed after the moment that is parameter `$n`.
fn with_claims(which: &str, n: usize) -> String {
    format!(
        "SELECT page.*, (SELECT CASE WHEN head.offered_until > ${n} THEN head.offered_until END FROM delivery head \
         WHERE head.subscription = page.subscription AND head.key = page.key AND head.sequence <= page.sequence \
         ORDER BY head.sequence, head.generation LIMIT 1) AS under_way_until FROM ({DELIVERIES} {which}) AS page \
         ORDER BY event_id DESC, id DESC"
    )
}

fn delivery_cursor(cursor: &str) -> Option<(EventId, DeliveryId)> {
    let (event, delivery) = cursor.split_once('.')?;
    Some((event.parse().ok()?, delivery.parse().ok()?))
}

/// One delivery, and what its event says.
pub(super) async fn delivery(
    database: &Database,
    id: DeliveryId,
    now: Timestamp,
) -> Result<DeliveryDetail, CallError<OpsRefusal>> {
    let delivery = summary(database, id, now).await?.ok_or(OpsRefusal::NotFound)?;
    let event = "SELECT data, traceparent FROM inbox WHERE id = $1 UNION ALL \
                 SELECT o.data, o.traceparent FROM outbox o JOIN delivery d ON d.event_id = o.event_id WHERE d.id = $1";
    let event: EventRow = database.first(event, params![id]).await?.ok_or(OpsRefusal::NotFound)?;
    let envelope = Envelope {
        specversion: "1.0".to_owned(),
        id: delivery.event_id,
        source: format!("/galleria/{}", ModuleName::of(&delivery.event)),
        name: delivery.event.clone(),
        time: delivery.occurred_at,
        subject: delivery.key.clone(),
        sequence: delivery.sequence,
        traceparent: event.traceparent,
        data: serde_json::from_str(&event.data).map_err(Failure::internal)?,
    };
    Ok(DeliveryDetail { delivery, envelope })
}

pub(super) async fn summary(
    database: &Database,
    id: DeliveryId,
    now: Timestamp,
) -> Result<Option<Delivery>, Failure> {
    let row: Option<DeliveryRow> =
        database.first(&with_claims("WHERE id = $1", 2), params![id, now]).await?;
    row.map(DeliveryRow::into_delivery).transpose()
}

/// Newest first; the cursor names the last saga of the page before.
pub(super) async fn sagas(
    database: &Database,
    request: ListSagas,
) -> Result<Page<SagaSummary>, CallError<OpsRefusal>> {
    let mut sql =
        "SELECT id, kind, state, epoch, attempts, cause, started_at, deadline_at, settled_at \
                   FROM saga WHERE (started_at, id) < ($1, $2)"
            .to_owned();
    let mut values = match request.page.cursor {
        // No id begins with the last character there is.
        None => params![i64::MAX, "\u{10ffff}"],
        Some(cursor) => {
            let (started, id) = cursor.split_once('.').ok_or(OpsRefusal::UnknownCursor)?;
            let started: i64 = started.parse().map_err(|_| OpsRefusal::UnknownCursor)?;
            params![started, id]
        }
    };
    if let Some(state) = request.state {
        values.extend(params![state]);
        sql.push_str(" AND state = $3");
    }
    let limit = request.page.limit.clamp(1, MOST);
    let _ = write!(sql, " ORDER BY started_at DESC, id DESC LIMIT {}", limit + 1);
    let rows: Vec<SagaRow> = database.all(&sql, values).await?;
    let found = rows.into_iter().map(SagaRow::into_summary).collect();
    Ok(Page::cut(found, limit, |last: &SagaSummary| {
        format!("{}.{}", last.started_at.micros(), last.id)
    }))
}

impl DeliveryRow {
    fn into_delivery(self) -> Result<Delivery, Failure> {
        let state = match self.state.as_str() {
            "pending" => DeliveryState::Pending,
            "parked" => DeliveryState::Parked,
            _ => DeliveryState::Done,
        };
        Ok(Delivery {
            id: parsed(&self.id)?,
            subscription: self.subscription,
            generation: self.generation.unsigned_abs(),
            event_id: parsed(&self.event_id)?,
            event: self.name,
            key: self.key,
            sequence: self.sequence.unsigned_abs(),
            state,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            cause: self.cause,
            occurred_at: Timestamp::from_micros(self.occurred_at),
            under_way_until: self.under_way_until.map(Timestamp::from_micros),
        })
    }
}

impl SagaRow {
    fn into_summary(self) -> SagaSummary {
        SagaSummary {
            id: self.id,
            kind: self.kind,
            state: self.state,
            epoch: self.epoch.unsigned_abs(),
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            cause: self.cause,
            started_at: Timestamp::from_micros(self.started_at),
            deadline_at: Timestamp::from_micros(self.deadline_at),
            settled_at: self.settled_at.map(Timestamp::from_micros),
        }
    }
}
