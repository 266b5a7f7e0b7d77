//! What is not bought, or no more, is given back.

use kernel::OrderId;
use orders_contract::{Cancel, CancelRefusal, OrderStatus, PlaceOrder, Rejection};

use super::stage::{Stage, paid_with, wish};
use crate::fresh::{guest, guest_with, key, staff};
use crate::outcomes::refused;

pub(super) async fn a_purchase_that_is_rejected_leaves_nothing_held(stage: Stage) {
    let sku = stage.sold(5).await;
    let cart = stage.cart(&guest(), (&sku, 2)).await;
    let (call, payment) = (guest().keyed(key()), paid_with("tok_declined"));
    let broke = PlaceOrder { payment, ..wish(cart) };

    let rejected = stage.place(&call, broke.clone()).await.unwrap().order;
    let again = stage.place(&call, broke).await.unwrap();

    assert_eq!((&rejected.status, rejected.number), (&OrderStatus::Rejected, None));
    let declined = Rejection::PaymentDeclined { decline_code: "card_declined".to_owned() };
    assert_eq!(rejected.rejection, Some(declined));
    assert_eq!((&again.order, again.replayed), (&rejected, true));
    assert_eq!(stage.counters(&sku).await, [5, 0, 5]);
    let cancel = Cancel { order: rejected.id, reason: None };
    let late = stage.orders.cancel(&staff(), cancel).await;
    assert_eq!(refused(late), CancelRefusal::TooLate);
    // The cart is free again, under another key.
    let bought = stage.place(&guest().keyed(key()), wish(cart)).await.unwrap();
    assert_eq!(bought.order.status, OrderStatus::Confirmed);
}

pub(super) async fn an_order_is_cancelled_once_and_gives_all_back(stage: Stage) {
    let sku = stage.sold(5).await;
    let cart = stage.cart(&guest(), (&sku, 2)).await;
    let order = stage.place(&guest().keyed(key()), wish(cart)).await.unwrap().order;
    let owner = guest_with(order.access_token.unwrap().reveal());
    let reason = Some("changed my mind".to_owned().try_into().unwrap());
    let cancel = Cancel { order: order.id, reason };

    let cancelled = stage.orders.cancel(&owner, cancel.clone()).await.unwrap();
    let again = stage.orders.cancel(&owner, cancel.clone()).await.unwrap();

    assert_eq!((&cancelled.status, cancelled.number), (&OrderStatus::Cancelled, order.number));
    assert_eq!(again.status, OrderStatus::Cancelled);
    assert_eq!(stage.counters(&sku).await, [5, 0, 5]);
    assert_eq!(stage.now(&cancelled).await.status, OrderStatus::Cancelled);
    let bought = stage.place(&guest().keyed(key()), wish(cart)).await.unwrap();
    assert_eq!(bought.order.status, OrderStatus::Confirmed);
    let nothing = Cancel { order: OrderId::generate(), ..cancel };
    assert_eq!(refused(stage.orders.cancel(&owner, nothing).await), CancelRefusal::NotFound);
}
