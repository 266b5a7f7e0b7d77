//! The contract that the platform serves for every module: what operators see and do.

mod audit;
mod contract;
mod interventions;
mod messages;
mod module;
mod offers;
mod queries;

pub use contract::{Audited, FakeOps, Ops};
pub use messages::{
    Audit, Confirm, Confirmed, Delivery, DeliveryDetail, DeliveryId, DeliveryState, Fact,
    GetDelivery, GetHealth, Health, ListDeliveries, ListFacts, ListSagas, Offer, OpsRefusal,
    Replay, Replayed, SagaSummary, Unsubscribe,
};
pub use module::ModuleOps;
