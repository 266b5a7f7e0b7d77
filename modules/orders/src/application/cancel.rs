use kernel::{Call, CallError, Failure, FailureKind, OrderId};
use orders_contract::{Cancel, CancelRefusal, Order, OrderStatus};
use platform::saga::Saga;
use platform::{UnitOfWork, fault};

use super::answering::to_be_answered;
use super::checkout::{self, may_see};
use crate::OrdersModule;
use crate::store::orders::Orders;
use crate::store::read::{StoredOrder, find};

/// Undoes an order that was not dispatched: stock back, money back.
pub(crate) async fn cancel(
    module: &OrdersModule,
    call: &Call,
    request: Cancel,
) -> Result<Order, CallError<CancelRefusal>> {
    let call = &to_be_answered(call);
    let found = find(&module.database, request.order).await?;
    let found =
        found.filter(|order| may_see(module, call, order)).ok_or(CancelRefusal::NotFound)?;
    match found.order.status {
        OrderStatus::Pending | OrderStatus::Confirmed => {}
        OrderStatus::Cancelled => return Ok(found.order),
        OrderStatus::Rejected | OrderStatus::Unknown(_) => {
            return Err(CancelRefusal::TooLate.into());
        }
    }
    let Some((saga, order)) = begin(module, &request).await? else {
        return settled_by_another(module, request.order).await;
    };
    let held = saga.clone();
    let failure = match checkout::drive(module, call, saga, &order).await {
        Ok(cancelled) => return Ok(cancelled.order),
        Err(failure) => failure,
    };
    checkout::hand_over(module, &held, &failure).await;
    if matches!(failure.kind, FailureKind::Unavailable | FailureKind::Overloaded) {
        return Err(failure.into()); // the worker goes on once that passes; nobody knows when
    }
    cancelled_by_another(module, call, request.order).await?.ok_or(failure.into())
}

/// The order that was settled since it was looked at: cancelled, by another cancel or the worker, or beyond it.
async fn settled_by_another(
    module: &OrdersModule,
    order: OrderId,
) -> Result<Order, CallError<CancelRefusal>> {
    let now = find(&module.database, order).await?.ok_or(CancelRefusal::NotFound)?;
    if now.order.status == OrderStatus::Cancelled {
        return Ok(now.order);
    }
    Err(CancelRefusal::TooLate.into())
}

/// Waits for who took the saga over, another cancel or the worker; the order as they left it, if they cancel it in time.
async fn cancelled_by_another(
    module: &OrdersModule,
    call: &Call,
    order: OrderId,
) -> Result<Option<Order>, Failure> {
    let mut waiting = module.settling.of(order);
    while !call.remaining().is_zero() {
        let now = find(&module.database, order).await?;
        if let Some(now) = now.filter(|now| now.order.status == OrderStatus::Cancelled) {
            return Ok(Some(now.order));
        }
        waiting.again(call).await;
    }
    Ok(None)
}

/// Takes the saga over, so that a purchase which still runs can't go on. From here on the order will be cancelled.
async fn begin(
    module: &OrdersModule,
    request: &Cancel,
) -> Result<Option<(Saga, StoredOrder)>, Failure> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let id = request.order.to_string();
    let (lease, deadline) = (module.sagas.lease, uow.now().plus(module.settings.settle_within()));
    let Some(saga) = Saga::take_over(&uow, &id, "cancelling", lease, deadline).await? else {
        return Ok(None);
    };
    let live = find(&uow, request.order).await?.is_some_and(|order| {
        matches!(order.order.status, OrderStatus::Pending | OrderStatus::Confirmed)
    });
    if !live {
        return Ok(None);
    }
    let order = Orders::new(&uow)
        .note_cancel(request.order, request.reason.as_ref().map(kernel::Label::as_str))
        .await?;
    fault::reach("orders.before-cancelling-commit");
    uow.commit().await?;
    fault::reach("orders.cancelling");
    Ok(Some((saga, order)))
}
