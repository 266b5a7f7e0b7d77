use std::time::Duration;

use carts_contract::{CartRefusal, Freeze};
use inventory_contract::{Held, Reserve, ReserveRefusal, Shortage};
use kernel::{Call, CallError, Failure, IdempotencyKey, OrderId, Principal, Proof};
use orders_contract::{Rejection, ShortLine};
use payments_contract::{Authorize, AuthorizeRefusal, PaymentOwner};
use platform::saga::Saga;
use platform::{UnitOfWork, fault};

use super::settle;
use crate::store::read::{StoredOrder, find};
use crate::{MODULE, OrdersModule};

/// A worker's time for one go at a saga.
const GO: Duration = Duration::from_secs(5);

/// Why a step of the purchase did not do what it should.
enum Stop {
    /// The purchase is off.
    Reject(Rejection),
    /// What became of the step is not known; it is repeated.
    Unknown(Failure),
}

/// Takes up a purchase that a crash or a lost answer left open.
pub(crate) async fn resume(module: &OrdersModule, saga: Saga) -> Result<(), Failure> {
    let call = Call::system(MODULE, GO);
    let id: OrderId = platform::parsed(&saga.id)?;
    let driving = async { drive(module, &call, saga, &order(module, id).await?).await };
    match tokio::time::timeout(GO, driving).await {
        Ok(outcome) => outcome.map(|_| ()),
        Err(_) => Err(Failure::deadline()),
    }
}

/// An order that is there, as it is kept.
pub(super) async fn order(module: &OrdersModule, id: OrderId) -> Result<StoredOrder, Failure> {
    let order = find(&module.database, id).await?;
    order.ok_or_else(|| Failure::internal(format!("order {id} is gone")))
}

/// Takes a purchase as far as it goes, and gives what became of it. Every step is keyed by the order, so any may be repeated.
pub(crate) async fn drive(
    module: &OrdersModule,
    call: &Call,
    saga: Saga,
    order: &StoredOrder,
) -> Result<StoredOrder, Failure> {
    let (call, id) = (step_call(call, order.order.id), order.order.id);
    let outcome = match saga.state.as_str() {
        "cancelling" => settle::cancel(module, &call, saga, order).await,
        "compensating" => settle::reject(module, &call, saga, order).await,
        _ if module.clock.now() >= saga.deadline => {
            settle::give_up(module, &call, saga, order, Rejection::TimedOut).await
        }
        _ => forward(module, &call, saga, order).await,
    };
    module.settling.tell(id);
    outcome
}

/// Lets the worker have the purchase soon, instead of after the lease.
pub(crate) async fn hand_over(module: &OrdersModule, saga: &Saga, failure: &Failure) {
    let handing = async {
        let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
        saga.put_off(&uow, module.sagas.first_backoff, failure).await?;
        uow.commit().await
    };
    let handed: Result<(), Failure> = handing.await;
    if let Err(failure) = handed {
        let id = &saga.id;
        tracing::warn!(saga.id = id, error = %failure.chain(), "saga {id} waits for its lease to end");
    }
}

/// The saga's own call: what it does for an order is the same whoever takes it up.
fn step_call(call: &Call, order: OrderId) -> Call {
    let call = call.as_system(MODULE);
    match IdempotencyKey::parse(&order.to_string()) {
        Some(key) => call.keyed(key),
        None => call,
    }
}

async fn forward(
    module: &OrdersModule,
    call: &Call,
    saga: Saga,
    order: &StoredOrder,
) -> Result<StoredOrder, Failure> {
    match steps(module, call, order).await {
        Ok(payment_status) => settle::confirm(module, call, &saga, order, &payment_status).await,
        Err(Stop::Reject(rejection)) => settle::give_up(module, call, saga, order, rejection).await,
        Err(Stop::Unknown(failure)) => Err(failure),
    }
}

/// Freezes the cart, holds the stock, sets the money aside; gives how far the payment is.
async fn steps(module: &OrdersModule, call: &Call, order: &StoredOrder) -> Result<String, Stop> {
    freeze(module, call, order).await?;
    fault::reach("orders.cart-frozen");
    reserve(module, call, order).await?;
    fault::reach("orders.reserved");
    let status = authorize(module, call, order).await?;
    fault::reach("orders.authorized");
    Ok(status)
}

async fn freeze(module: &OrdersModule, call: &Call, order: &StoredOrder) -> Result<(), Stop> {
    let request = Freeze { cart: order.cart, order: order.order.id };
    let frozen = module.neighbours.carts.freeze(&call.child(MODULE, "freeze"), request).await;
    frozen.map_err(|error| match error {
        CallError::Refused(CartRefusal::CartSpent { order_id }) => {
            Stop::Reject(Rejection::CartSpent { order_id })
        }
        other => Stop::Unknown(other.into_failure()),
    })
}

async fn reserve(module: &OrdersModule, call: &Call, order: &StoredOrder) -> Result<(), Stop> {
    let lines = order.order.lines.iter();
    let lines = lines.map(|line| Held { sku: line.sku.clone(), quantity: line.quantity }).collect();
    let request = Reserve { order: order.order.id, lines };
    let reserved =
        module.neighbours.inventory.reserve(&call.child(MODULE, "reserve"), request).await;
    reserved.map(|_| ()).map_err(|error| match error {
        CallError::Refused(ReserveRefusal::OutOfStock { lines }) => {
            Stop::Reject(Rejection::OutOfStock { lines: lines.into_iter().map(short).collect() })
        }
        other => Stop::Unknown(other.into_failure()),
    })
}

async fn authorize(
    module: &OrdersModule,
    call: &Call,
    order: &StoredOrder,
) -> Result<String, Stop> {
    let token = order.token.clone();
    let token = token.ok_or_else(|| {
        Stop::Unknown(Failure::internal("an unsettled order has lost its payment token"))
    })?;
    let request = Authorize {
        order: order.order.id,
        payment: order.order.payment.id,
        amount: order.total(),
        provider: order.order.payment.provider.clone(),
        token,
        owner: payment_owner(module, order),
    };
    let authorized =
        module.neighbours.payments.authorize(&call.child(MODULE, "authorize"), request).await;
    let payment = authorized.map_err(|error| match error {
        CallError::Refused(AuthorizeRefusal::PaymentDeclined { decline_code }) => {
            Stop::Reject(Rejection::PaymentDeclined { decline_code })
        }
        other => Stop::Unknown(other.into_failure()),
    })?;
    let status = serde_json::to_value(&payment.status).ok();
    Ok(status.as_ref().and_then(serde_json::Value::as_str).unwrap_or("authorized").to_owned())
}

fn payment_owner(module: &OrdersModule, order: &StoredOrder) -> PaymentOwner {
    if let Some(id) = order.order.user_id {
        return PaymentOwner::User { id };
    }
    let token = module.access.token(order.order.id);
    PaymentOwner::Guest { proof_fingerprint: Proof::new(token.reveal()).fingerprint() }
}

fn short(line: Shortage) -> ShortLine {
    ShortLine { sku: line.sku, requested: line.requested, available: line.available }
}

/// Whether the caller may see and undo an order: staff, its buyer, or a guest who shows its token.
pub(crate) fn may_see(module: &OrdersModule, call: &Call, order: &StoredOrder) -> bool {
    if call.principal.is_staff() {
        return true;
    }
    match (&call.principal, order.order.user_id) {
        (Principal::User { id }, Some(owner)) => *id == owner,
        (Principal::Guest { proof: Some(proof) }, None) => {
            module.access.opens(order.order.id, proof)
        }
        _ => false,
    }
}
