use std::borrow::Cow;

use axum::Json;
use kernel::{DeliveryId, EventId, Timestamp};
use platform::ops as contract;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::common::List;
use super::ops_pages::Across;
use super::schema::{Id, Time};
use galleria_service::ModuleHealth;

/// A module.
#[expect(clippy::struct_field_names, reason = "the public name of the field")]
#[derive(Serialize, ToSchema)]
pub(super) struct Module {
    module: String,
    /// `local`, `http`, `nats` or `off`.
    placement: String,
    /// `ready`, `not-ready` or `off`.
    status: String,
    /// Why it is not ready.
    detail: Option<String>,
}

/// One event at one subscription.
#[derive(Serialize, ToSchema)]
pub(super) struct Delivery {
    #[schema(value_type = Id)]
    id: DeliveryId,
    /// Which module it was found in.
    module: String,
    subscription: String,
    /// Grows when history is told again.
    generation: u64,
    #[schema(value_type = Id)]
    event_id: EventId,
    /// The event's stable name.
    event: String,
    /// The aggregate it is of.
    key: String,
    /// Its number within the key.
    sequence: u64,
    state: DeliveryState,
    /// How often its handler failed.
    attempts: u32,
    /// Why its handler failed last.
    cause: Option<String>,
    #[schema(value_type = Time)]
    occurred_at: Timestamp,
}

/// How far an event is at a subscription; a parked one holds the later ones of its key.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DeliveryState {
    Pending,
    Parked,
    Done,
}

/// A delivery, and what the event says.
#[derive(Serialize, ToSchema)]
pub(super) struct DeliveryDetail {
    delivery: Delivery,
    /// The event as a `CloudEvents` 1.0 envelope.
    #[schema(value_type = Object)]
    event: Value,
}

/// What is told again.
#[derive(Serialize, ToSchema)]
pub(super) struct Replayed {
    /// How many events.
    events: u64,
    /// As which generation.
    generation: u64,
}

/// A durable process.
#[derive(Serialize, ToSchema)]
pub(super) struct Saga {
    /// What it is about.
    id: String,
    /// Which module's it is.
    module: String,
    kind: String,
    state: String,
    /// How often it was taken up.
    epoch: u64,
    /// How often it failed.
    attempts: u32,
    /// Why it failed last.
    cause: Option<String>,
    #[schema(value_type = Time)]
    started_at: Timestamp,
    #[schema(value_type = Time)]
    deadline_at: Timestamp,
    #[schema(value_type = Option<Time>)]
    settled_at: Option<Timestamp>,
}

/// A part of a list across modules, some of which perhaps could not be asked.
#[derive(Serialize)]
pub(super) struct PartialList<T> {
    #[serde(flatten)]
    list: List<T>,
    missing: Vec<String>,
}

impl<T> PartialList<T> {
    pub(super) fn of<C>(across: Across<C>, view: impl FnMut((String, C)) -> T) -> Json<Self> {
        let Across { page, missing } = across;
        let Json(list) = List::of(page, view);
        Json(Self { list, missing })
    }
}

impl<T: ToSchema> PartialSchema for PartialList<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = List::<T>::schema();
        if let RefOr::T(Schema::Object(list)) = &mut schema {
            let missing = ArrayBuilder::new().items(String::schema()).description(Some(
                "The modules that could not be asked; their items are not in the list.",
            ));
            list.properties.insert("missing".to_owned(), RefOr::T(missing.into()));
            list.required.push("missing".to_owned());
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for PartialList<T> {
    fn name() -> Cow<'static, str> {
        List::<T>::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        List::<T>::schemas(schemas);
    }
}

impl From<DeliveryState> for contract::DeliveryState {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Pending => Self::Pending,
            DeliveryState::Parked => Self::Parked,
            DeliveryState::Done => Self::Done,
        }
    }
}

impl From<contract::DeliveryState> for DeliveryState {
    fn from(state: contract::DeliveryState) -> Self {
        match state {
            contract::DeliveryState::Pending => Self::Pending,
            contract::DeliveryState::Parked => Self::Parked,
            contract::DeliveryState::Done => Self::Done,
        }
    }
}

impl Delivery {
    pub(super) fn of((module, delivery): (String, contract::Delivery)) -> Self {
        Self {
            id: delivery.id,
            module,
            subscription: delivery.subscription,
            generation: delivery.generation,
            event_id: delivery.event_id,
            event: delivery.event,
            key: delivery.key,
            sequence: delivery.sequence,
            state: delivery.state.into(),
            attempts: delivery.attempts,
            cause: delivery.cause,
            occurred_at: delivery.occurred_at,
        }
    }
}

impl Saga {
    pub(super) fn of((module, saga): (String, contract::SagaSummary)) -> Self {
        Self {
            id: saga.id,
            module,
            kind: saga.kind,
            state: saga.state,
            epoch: saga.epoch,
            attempts: saga.attempts,
            cause: saga.cause,
            started_at: saga.started_at,
            deadline_at: saga.deadline_at,
            settled_at: saga.settled_at,
        }
    }
}

impl Module {
    pub(super) fn of((module, health): (&'static str, ModuleHealth)) -> Self {
        let ModuleHealth { placement, status, detail } = health;
        let (placement, status) = (placement.to_owned(), status.to_owned());
        Self { module: module.to_owned(), placement, status, detail }
    }
}

impl DeliveryDetail {
    pub(super) fn of((module, detail): (String, contract::DeliveryDetail)) -> Self {
        let event = serde_json::to_value(detail.envelope).unwrap_or_default();
        Self { delivery: Delivery::of((module, detail.delivery)), event }
    }
}

impl Replayed {
    pub(super) fn of((_, told): (String, contract::Replayed)) -> Self {
        Self { events: told.events, generation: told.generation }
    }
}
