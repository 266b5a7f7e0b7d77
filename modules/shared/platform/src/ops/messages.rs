use std::collections::BTreeMap;

pub use kernel::DeliveryId;
use kernel::{Currency, Envelope, EventId, OrderId, PageRequest, Timestamp, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Offered;

/// Asks whether the module can work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetHealth {}

/// Whether the module can work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// Whether it can.
    pub ready: bool,
    /// Why not.
    pub detail: Option<String>,
}

/// Asks for deliveries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListDeliveries {
    /// Only those this far.
    pub state: Option<DeliveryState>,
    /// Only those at this subscription.
    pub subscription: Option<String>,
    /// Only those whose event happened before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Timestamp>,
    /// Which part.
    pub page: PageRequest,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// Not handled yet.
    Pending,
    /// Failed too often; it holds the later ones of its key.
    Parked,
    /// Handled, or skipped.
    Done,
}

/// One event at one subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// At which subscription.
    pub subscription: String,
    /// In which generation of it.
    pub generation: u64,
    /// Which event.
    pub event_id: EventId,
    /// The event's stable name.
    pub event: String,
    /// The aggregate it is of.
    pub key: String,
    /// Its number within the key.
    pub sequence: u64,
    /// How far it is.
    pub state: DeliveryState,
    /// How often its handler failed.
    pub attempts: u32,
    /// Why its handler failed last.
    pub cause: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// While it, or an earlier one of its key, is under way to its subscription: until when a confirmation is awaited before
    /// it is offered again.
    #[serde(default)]
    pub under_way_until: Option<Timestamp>,
}

/// Asks for one delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetDelivery {
    /// Which.
    pub delivery: DeliveryId,
}

/// A delivery, and what the event says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryDetail {
    /// The delivery.
    pub delivery: Delivery,
    /// The event.
    pub envelope: Envelope,
}

/// Tells history again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Replay {
    /// To which subscription.
    pub subscription: String,
    /// Only what happened from then on.
    pub from: Option<Timestamp>,
}

/// What is told again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Replayed {
    /// How many events.
    pub events: u64,
    /// As which generation.
    pub generation: u64,
}

/// Ends a subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unsubscribe {
    /// Which.
    pub subscription: String,
}

/// Tells subscriptions events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    /// Which events to which subscriptions; those of a key in order, and none left out.
    pub deliveries: Vec<Offered>,
}

/// Notes that an inbox stored deliveries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confirm {
    /// Which.
    pub deliveries: Vec<DeliveryId>,
}

/// How many deliveries were confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmed {
    /// How many were not before.
    pub confirmed: u64,
}

/// Asks for durable processes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListSagas {
    /// Only those in this state.
    pub state: Option<String>,
    /// Which part.
    pub page: PageRequest,
}

/// A durable process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SagaSummary {
    /// Its id: what it is about.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// How far it is.
    pub state: String,
    /// How often it was taken up.
    pub epoch: u64,
    /// How often it failed.
    pub attempts: u32,
    /// Why it failed last.
    pub cause: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it must be over.
    pub deadline_at: Timestamp,
    /// When it was over.
    pub settled_at: Option<Timestamp>,
}

/// Asks what does not add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Audit {}

/// Asks what the module knows of orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListFacts {
    /// After which order, by id.
    pub after: Option<OrderId>,
    /// At most so many.
    pub limit: u32,
}

/// What a module knows of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// Which.
    pub order: OrderId,
    /// How far it is, in the module's words.
    pub state: String,
    /// Amounts and counts, by name; amounts in minor units.
    pub amounts: BTreeMap<String, i64>,
    /// The currency of the amounts.
    pub currency: Option<Currency>,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Why an operator is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum OpsRefusal {
    /// There is no such delivery here.
    #[error("no such delivery")]
    NotFound,
    /// There is no such subscription here.
    #[error("no such subscription")]
    UnknownSubscription,
    /// The cursor is not one of this list.
    #[error("not a cursor of this list")]
    UnknownCursor,
}
refusal!(OpsRefusal { NotFound => NotFound, UnknownSubscription => NotFound, UnknownCursor => Invalid });
