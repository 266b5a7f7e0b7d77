use kernel::{Call, Failure};
use orders_contract::{BuyerData, OrderCancelled, OrderConfirmed, OrderedLine, Rejection};
use platform::saga::Saga;
use platform::{UnitOfWork, fault};

use super::undo::{Done, undo};
use crate::OrdersModule;
use crate::store::history;
use crate::store::orders::Orders;
use crate::store::read::StoredOrder;

/// Confirms the order, draws its number and tells everybody, in one transaction.
pub(crate) async fn confirm(
    module: &OrdersModule,
    call: &Call,
    saga: &Saga,
    order: &StoredOrder,
    payment_status: &str,
) -> Result<StoredOrder, Failure> {
    let id = order.order.id;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?.traced(call.trace);
    let entry = history::entry(id, "confirmed", uow.now(), None);
    saga.settle(&uow, "confirmed", [entry]).await?;
    let settled = Orders::new(&uow).confirm(id, payment_status).await?;
    uow.publish(&confirmed(&settled)?).await?;
    fault::reach("orders.before-confirm-commit");
    uow.commit().await?;
    fault::reach("orders.confirmed");
    Ok(settled)
}

/// Notes that the purchase is off and why, then undoes it.
pub(crate) async fn give_up(
    module: &OrdersModule,
    call: &Call,
    mut saga: Saga,
    order: &StoredOrder,
    rejection: Rejection,
) -> Result<StoredOrder, Failure> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    saga.advance(&uow, "compensating").await?;
    let order = Orders::new(&uow).note_rejection(order.order.id, &rejection).await?;
    fault::reach("orders.before-compensating-commit");
    uow.commit().await?;
    fault::reach("orders.compensating");
    reject(module, call, saga, &order).await
}

/// Undoes what was done, then rejects the order.
pub(crate) async fn reject(
    module: &OrdersModule,
    call: &Call,
    saga: Saga,
    order: &StoredOrder,
) -> Result<StoredOrder, Failure> {
    let id = order.order.id;
    let rejection = order.order.rejection.as_ref().unwrap_or(&Rejection::TimedOut);
    undo(module, call, order, Done::by(rejection)).await?;
    let payment_status = match rejection {
        Rejection::PaymentDeclined { .. } => "declined",
        _ => "voided",
    };
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let entry = history::entry(id, "rejected", uow.now(), Some(reason(rejection)));
    saga.settle(&uow, "rejected", [entry]).await?;
    let settled = Orders::new(&uow).reject(id, payment_status).await?;
    fault::reach("orders.before-reject-commit");
    uow.commit().await?;
    fault::reach("orders.rejected");
    Ok(settled)
}

/// Undoes everything, then cancels the order.
pub(crate) async fn cancel(
    module: &OrdersModule,
    call: &Call,
    saga: Saga,
    order: &StoredOrder,
) -> Result<StoredOrder, Failure> {
    let id = order.order.id;
    undo(module, call, order, Done::Authorized).await?;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?.traced(call.trace);
    let entry = history::entry(id, "cancelled", uow.now(), order.cancel_reason.as_deref());
    saga.settle(&uow, "cancelled", [entry]).await?;
    let settled = Orders::new(&uow).cancel(id).await?;
    if let Some(number) = order.order.number {
        uow.publish(&OrderCancelled { order_id: id, number, reason: order.cancel_reason.clone() })
            .await?;
    }
    fault::reach("orders.before-cancel-commit");
    uow.commit().await?;
    fault::reach("orders.cancelled");
    Ok(settled)
}

fn confirmed(order: &StoredOrder) -> Result<OrderConfirmed, Failure> {
    let order = &order.order;
    let number =
        order.number.ok_or_else(|| Failure::internal("a confirmed order has no number"))?;
    let lines = order.lines.iter();
    let lines = lines
        .map(|line| OrderedLine {
            sku: line.sku.clone(),
            title: line.title.clone(),
            quantity: line.quantity,
        })
        .collect();
    let buyer =
        BuyerData { email: order.email.clone(), shipping_address: order.shipping_address.clone() };
    Ok(OrderConfirmed {
        order_id: order.id,
        number,
        user_id: order.user_id,
        lines,
        total: order.totals.total,
        shipping_method: order.shipping_method.clone(),
        personal: Some(buyer),
    })
}

fn reason(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::OutOfStock { .. } => "out-of-stock",
        Rejection::PaymentDeclined { .. } => "payment-declined",
        Rejection::CartSpent { .. } => "cart-spent",
        Rejection::TimedOut => "timed-out",
    }
}
