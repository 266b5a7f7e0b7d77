use kernel::{DeliveryId, Event, EventId, Failure, TraceContext};

use super::blanking::is_personal;
use crate::db::{Chain, FIRST, UnitOfWork, decoded, parsed, placeholders};
use crate::params;

/// A number drawn, and who is to be told: `name generation`, one a line.
#[derive(sea_orm::FromQueryResult)]
struct Drawn {
    last: i64,
    subscribed: Option<String>,
}

/// An event that is to be told to a subscription.
pub(super) struct NewDelivery<'a> {
    pub(super) subscription: &'a str,
    pub(super) generation: i64,
    pub(super) event: EventId,
    pub(super) key: &'a str,
    pub(super) sequence: i64,
}

/// Writes an event and its deliveries, one a subscription, in the business transaction; gives the subscriptions.
pub(crate) async fn write<E: Event>(
    uow: &UnitOfWork,
    event: &E,
    trace: Option<TraceContext>,
) -> Result<Vec<String>, Failure> {
    let (id, key) = (EventId::generate(), event.key());
    let data = serde_json::to_value(event).map_err(Failure::internal)?;
    // What holds no personal data has nothing to be blanked later.
    let blanked_at = (!is_personal(&data)).then(|| uow.now());
    let insert = format!(
        "INSERT INTO outbox (event_id, name, key, sequence, occurred_at, traceparent, data, blanked_at) \
         SELECT $1, $2, $3, last, $4, $5, $6, $7 FROM {FIRST}"
    );
    let traceparent = trace.map(|trace| trace.to_string());
    let values = params![id, E::NAME, key, uow.now(), traceparent, data.to_string(), blanked_at];
    let written = uow.chain(draw(&key, E::NAME).then((insert, values)).giving_first()).await?;
    let written = written.ok_or_else(|| Failure::internal("a number was not drawn"))?;
    let Drawn { last: sequence, subscribed } = decoded(&written)?;
    let subscribed = subscribed.unwrap_or_default();
    let told = subscribed.lines().map(|line| {
        let (subscription, generation) = line.rsplit_once(' ').unwrap_or((line, ""));
        let generation = parsed(generation)?;
        Ok(NewDelivery { subscription, generation, event: id, key: &key, sequence })
    });
    let told = told.collect::<Result<Vec<_>, Failure>>()?;
    deliver(uow, &told).await?;
    Ok(told.iter().map(|delivery| delivery.subscription.to_owned()).collect())
}

/// Draws the event's number within its key; others that publish with the key wait until this unit of work ends.
fn draw(key: &str, name: &str) -> Chain {
    let draw = "INSERT INTO outbox_key (key, last) VALUES ($1, 1) \
                ON CONFLICT (key) DO UPDATE SET last = outbox_key.last + 1 RETURNING last, \
                (SELECT string_agg(name || ' ' || generation, $2) FROM subscription WHERE event = $3) AS subscribed";
    Chain::of(draw, params![key, "\n", name])
}

pub(super) async fn deliver(uow: &UnitOfWork, told: &[NewDelivery<'_>]) -> Result<(), Failure> {
    if told.is_empty() {
        return Ok(());
    }
    let insert = "INSERT INTO delivery (id, subscription, generation, event_id, key, sequence, offered_until) VALUES ";
    let insert = format!("{insert}{}", placeholders(told.len(), 7, 1));
    let mut values = Vec::with_capacity(told.len() * 7);
    for NewDelivery { subscription, generation, event, key, sequence } in told {
        let id = delivery_id(subscription, *generation, *event);
        values.extend(params![id, *subscription, *generation, *event, *key, *sequence, 0_i64]);
    }
    uow.run(&insert, values).await.map(|_| ())
}

/// The same on both sides of a delivery.
fn delivery_id(subscription: &str, generation: i64, event: EventId) -> DeliveryId {
    DeliveryId::derived(&format!("{subscription}/{generation}/{event}"))
}
