use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use kernel::{Envelope, Event, Failure};

use crate::UnitOfWork;

/// What a module does when it is told of an event. It may run again after a failure; its effects are committed once.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Does it, inside the unit of work that also marks the event as handled.
    async fn handle(&self, uow: &UnitOfWork, envelope: &Envelope) -> Result<(), Failure>;
}

/// Makes a handler of a function such as `async fn ship_on_order_confirmed(uow: &UnitOfWork, event: OrderConfirmed)`.
pub fn on<E, F>(handle: F) -> Arc<dyn Handler>
where
    E: Event,
    F: for<'a> Fn(&'a UnitOfWork, E) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync + 'static,
{
    Arc::new(Typed { handle, event: PhantomData })
}

struct Typed<E, F> {
    handle: F,
    event: PhantomData<fn(E)>,
}

#[async_trait]
impl<E, F> Handler for Typed<E, F>
where
    E: Event,
    F: for<'a> Fn(&'a UnitOfWork, E) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync + 'static,
{
    async fn handle(&self, uow: &UnitOfWork, envelope: &Envelope) -> Result<(), Failure> {
        let event = serde_json::from_value(envelope.data.clone()).map_err(Failure::internal)?;
        (self.handle)(uow, event).await
    }
}
