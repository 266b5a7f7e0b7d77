use kernel::{DeliveryId, Event, EventId, Failure, TraceContext};

use crate::db::{Sql as _, UnitOfWork, placeholders};
use crate::params;

#[derive(sea_orm::FromQueryResult)]
struct Subscribed {
    name: String,
    generation: i64,
}

/// Writes an event and its deliveries, one a subscription, in the business transaction.
pub(crate) async fn write<E: Event>(
    uow: &UnitOfWork,
    event: &E,
    trace: Option<TraceContext>,
) -> Result<(), Failure> {
    let (id, key) = (EventId::generate(), event.key());
    let draw = "INSERT INTO outbox_key (key, last) VALUES ($1, 1) \
                ON CONFLICT (key) DO UPDATE SET last = outbox_key.last + 1 RETURNING last";
    let sequence = uow.number(draw, params![key]).await?;
    let data = serde_json::to_string(event).map_err(Failure::internal)?;
    let insert = "INSERT INTO outbox (event_id, name, key, sequence, occurred_at, traceparent, data) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let traceparent = trace.map(|trace| trace.to_string());
    uow.run(insert, params![id, E::NAME, key, sequence, uow.now(), traceparent, data]).await?;
    let subscribed = "SELECT name, generation FROM subscription WHERE event = $1";
    let subscribed: Vec<Subscribed> = uow.all(subscribed, params![E::NAME]).await?;
    deliver(uow, &subscribed, id, &key, sequence).await
}

async fn deliver(
    uow: &UnitOfWork,
    subscribed: &[Subscribed],
    event: EventId,
    key: &str,
    sequence: i64,
) -> Result<(), Failure> {
    if subscribed.is_empty() {
        return Ok(());
    }
    let insert = "INSERT INTO delivery (id, subscription, generation, event_id, key, sequence, offered_until) VALUES ";
    let insert = format!("{insert}{}", placeholders(subscribed.len(), 7, 1));
    let mut values = Vec::with_capacity(subscribed.len() * 7);
    for Subscribed { name, generation } in subscribed {
        let id = delivery_id(name, *generation, event);
        values.extend(params![id, name, *generation, event, key, sequence, 0_i64]);
    }
    uow.run(&insert, values).await.map(|_| ())
}

/// The same on both sides of a delivery.
pub(crate) fn delivery_id(subscription: &str, generation: i64, event: EventId) -> DeliveryId {
    DeliveryId::derived(&format!("{subscription}/{generation}/{event}"))
}
