use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use kernel::{Call, CallError, OrderId, Timestamp};
use orders_contract as contract;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use super::common::Answer;
use super::order_view::status;
use super::schema::Time;
use crate::gateway::auth::Caller;
use crate::gateway::http::{LastEventId, Path, Problem};
use crate::gateway::{Access, Gateway, Operation, Table};

/// How long one call waits for the next entry.
const WAIT: Duration = Duration::from_secs(10);
/// How often a silent stream says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get(
            "/api/orders/{id}/events",
            "watchOrder",
            "What happens to an order, from the first to the last",
        )
        .access(Access::Holder)
        .last_event_id()
        .streams::<OrderEvent>("Each as `event: order`; its `id` is for `Last-Event-ID`.")
        .answers_nothing("Nothing can follow the event that the client has.")
        .refuses(404, &["not-found"]),
        watch,
    );
}

/// Something that happened to an order.
#[derive(Serialize, ToSchema)]
struct OrderEvent {
    /// How far the order was then.
    status: String,
    #[schema(value_type = Time)]
    at: Timestamp,
    /// More about it, for people.
    detail: Option<String>,
}

/// A stream on its way through the history of an order.
struct Watch {
    gateway: Arc<Gateway>,
    call: Call,
    order: OrderId,
    after: u64,
    ready: VecDeque<contract::HistoryEntry>,
    over: bool,
    _place: OwnedSemaphorePermit,
}

async fn watch(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(order): Path<OrderId>,
    LastEventId(seen): LastEventId,
) -> Answer<Response> {
    let place = Arc::clone(&gateway.streams).try_acquire_owned();
    let place = place.map_err(|_| Problem::overloaded(1))?;
    // The event that the client has is asked for again, to see whether it was the last.
    let request = contract::History { order, after: seen.saturating_sub(1), wait_ms: 0 };
    let mut ready = VecDeque::from(gateway.services.orders.history(&call, request).await?);
    while let Some(entry) = ready.pop_front_if(|entry| entry.number <= seen) {
        if entry.last {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
    let watch = Watch { gateway, call, order, after: seen, ready, over: false, _place: place };
    let events = unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}

impl Watch {
    /// The next event; none after the last, or when the shop stops.
    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            if let Some(entry) = self.ready.pop_front() {
                self.after = entry.number;
                self.over = entry.last;
                return Some(event(entry));
            }
            let shutdown = self.gateway.shutdown.clone();
            match shutdown.run_until_cancelled(self.more()).await? {
                Ok(entries) => self.ready.extend(entries),
                Err(error) => {
                    // The client comes back and says what it has.
                    let cause = error.into_failure().chain();
                    tracing::warn!(error = cause, "an event stream ended early: {cause}");
                    return None;
                }
            }
        }
        None
    }

    async fn more(&self) -> Result<Vec<contract::HistoryEntry>, CallError<contract::ReadRefusal>> {
        let mut call = self.gateway.call(self.call.principal.clone());
        call.trace = self.call.trace;
        call.deadline += WAIT;
        let wait_ms = u64::try_from(WAIT.as_millis()).unwrap_or(0);
        let request = contract::History { order: self.order, after: self.after, wait_ms };
        let entries = self.gateway.services.orders.history(&call, request).await;
        // A module that does not wait must not make us spin.
        tokio::task::yield_now().await;
        entries
    }
}

fn event(entry: contract::HistoryEntry) -> Event {
    let number = entry.number.to_string();
    let told = OrderEvent { status: status(entry.status), at: entry.at, detail: entry.detail };
    let json = serde_json::to_string(&told).unwrap_or_default();
    Event::default().event("order").id(number).data(json)
}
