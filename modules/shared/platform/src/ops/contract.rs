use kernel::{Call, CallError, Failure, OrderId, Page, async_trait, contract};

use super::messages::{
    Audit, Confirm, Confirmed, Delivery, DeliveryDetail, Fact, GetDelivery, GetHealth, Health,
    ListDeliveries, ListFacts, ListSagas, Offer, OpsRefusal, Replay, Replayed, SagaSummary,
    Unsubscribe,
};

/// What operators see of a module, and do to its events. Addressed as `<module>-ops`; for modules and the command line.
#[contract(name = "ops", version = 1)]
#[async_trait]
pub trait Ops: Send + Sync + 'static {
    /// Whether the module can work now.
    #[call(read)]
    async fn health(
        &self,
        call: &Call,
        request: GetHealth,
    ) -> Result<Health, CallError<OpsRefusal>>;

    /// Events at the module's subscriptions, and those it published that a subscription has not confirmed.
    #[call(read)]
    async fn deliveries(
        &self,
        call: &Call,
        request: ListDeliveries,
    ) -> Result<Page<Delivery>, CallError<OpsRefusal>>;

    /// One event at one subscription, with what it says.
    #[call(read)]
    async fn delivery(
        &self,
        call: &Call,
        request: GetDelivery,
    ) -> Result<DeliveryDetail, CallError<OpsRefusal>>;

    /// Tries a parked event again, now. One that is not parked stays as it is.
    /// Keyed by the delivery.
    #[call(write, keyed)]
    async fn retry(
        &self,
        call: &Call,
        request: GetDelivery,
    ) -> Result<Delivery, CallError<OpsRefusal>>;

    /// Gives a parked event up, so that the later ones of its key flow. One that is not parked stays as it is.
    /// Keyed by the delivery.
    #[call(write, keyed)]
    async fn skip(
        &self,
        call: &Call,
        request: GetDelivery,
    ) -> Result<Delivery, CallError<OpsRefusal>>;

    /// Tells a subscription the history of this module's events again, as a new generation.
    #[call(write, once)]
    async fn replay(&self, call: &Call, request: Replay)
    -> Result<Replayed, CallError<OpsRefusal>>;

    /// Ends a subscription to this module's events; what it was not told yet is dropped.
    /// Keyed by the subscription.
    #[call(write, keyed)]
    async fn unsubscribe(
        &self,
        call: &Call,
        request: Unsubscribe,
    ) -> Result<(), CallError<OpsRefusal>>;

    /// Stores events that another module tells to this module's subscriptions, all of them or none. For their producer alone.
    /// Keyed by the deliveries.
    #[call(write, keyed)]
    async fn offer(&self, call: &Call, request: Offer) -> Result<(), CallError<OpsRefusal>>;

    /// Notes that a subscription's inbox stored deliveries of this module's events.
    /// Keyed by the deliveries.
    #[call(write, keyed)]
    async fn confirm(
        &self,
        call: &Call,
        request: Confirm,
    ) -> Result<Confirmed, CallError<OpsRefusal>>;

    /// The module's durable processes, newest first.
    #[call(read)]
    async fn sagas(
        &self,
        call: &Call,
        request: ListSagas,
    ) -> Result<Page<SagaSummary>, CallError<OpsRefusal>>;

    /// What does not add up inside the module, a line each.
    #[call(read)]
    async fn audit(
        &self,
        call: &Call,
        request: Audit,
    ) -> Result<Vec<String>, CallError<OpsRefusal>>;

    /// What the module knows of orders, by order id, to be compared with what its neighbours know.
    #[call(read)]
    async fn facts(
        &self,
        call: &Call,
        request: ListFacts,
    ) -> Result<Vec<Fact>, CallError<OpsRefusal>>;
}

/// What a module tells about itself to an audit.
#[async_trait]
pub trait Audited: Send + Sync + 'static {
    /// What does not add up inside the module, a line each.
    async fn audit(&self) -> Result<Vec<String>, Failure>;

    /// What it knows of at most `limit` orders after one, by order id. Most modules know none.
    async fn facts(&self, after: Option<OrderId>, limit: u32) -> Result<Vec<Fact>, Failure> {
        let _ = (after, limit);
        Ok(Vec::new())
    }
}
