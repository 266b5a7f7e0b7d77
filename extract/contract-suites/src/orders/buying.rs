//! What is bought, is bought once.

use futures_util::future::{join, join_all};
use orders_contract::{OrderStatus, PlaceOrder, PlaceRefusal, Placed, Rejection};

use super::stage::{Stage, quote, wish};
use crate::fresh::{email, guest, key, stranger};
use crate::outcomes::refused;

pub(super) async fn a_key_buys_once_however_often_it_is_used(stage: Stage) {
    let sku = stage.sold(5).await;
    let wish = wish(stage.cart(&guest(), (&sku, 2)).await);
    let call = guest().keyed(key());

    let (one, other) =
        join(stage.place(&call, wish.clone()), stage.place(&call, wish.clone())).await;
    let later = stage.place(&call, wish.clone()).await.unwrap();

    assert_eq!((&later.order.status, later.replayed), (&OrderStatus::Confirmed, true));
    assert!(later.order.number.is_some() && later.order.access_token.is_some());
    assert_eq!((Some(&later.order.email), later.order.user_id), (wish.email.as_ref(), None));
    assert_eq!([one.unwrap().order, other.unwrap().order], [later.order.clone(), later.order]);
    assert_eq!(stage.counters(&sku).await, [5, 2, 3]);
}

pub(super) async fn a_key_buys_one_thing(stage: Stage) {
    let (buyer, sku) = (stranger(), stage.sold(5).await);
    let wish = wish(stage.cart(&buyer, (&sku, 1)).await);
    let call = buyer.keyed(key());
    let other = PlaceOrder { email: Some(email()), ..wish.clone() };
    let keyless = stranger();
    let theirs = PlaceOrder { cart: stage.cart(&keyless, (&sku, 1)).await, ..wish.clone() };

    stage.place(&call, wish).await.unwrap();

    let reused = stage.place(&call, other).await;
    assert_eq!(refused(reused), PlaceRefusal::IdempotencyKeyReused);
    let unnamed = stage.place(&keyless, theirs.clone()).await;
    assert_eq!(refused(unnamed), PlaceRefusal::IdempotencyKeyMissing);
    // A key is its buyer's own.
    let bought = stage.place(&keyless.keyed(call.key.unwrap()), theirs).await.unwrap();
    assert_eq!(bought.order.status, OrderStatus::Confirmed);
}

pub(super) async fn a_quote_is_what_is_paid_and_holds_nothing(stage: Stage) {
    let sku = stage.sold(5).await;
    let cart = stage.cart(&guest(), (&sku, 2)).await;

    let quoted = stage.orders.quote(&guest(), quote(cart)).await.unwrap();
    assert_eq!(stage.counters(&sku).await, [5, 0, 5]);
    let expected = PlaceOrder { expected_total: Some(quoted.totals.total), ..wish(cart) };
    let Placed { order, .. } = stage.place(&guest().keyed(key()), expected).await.unwrap();

    assert_eq!((order.lines, order.totals), (quoted.lines, quoted.totals));
}

pub(super) async fn a_cart_is_bought_once_however_many_buy_it(stage: Stage) {
    let sku = stage.sold(5).await;
    let cart = stage.cart(&guest(), (&sku, 1)).await;

    let buyers = (0..3).map(async |_| stage.place(&guest().keyed(key()), wish(cart)).await);
    let outcomes = join_all(buyers).await;

    let (bought, not): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    let [bought] = <[_; 1]>::try_from(bought).unwrap();
    let order_id = bought.unwrap().order.id;
    for outcome in not {
        assert_eq!(refused(outcome), PlaceRefusal::CartSpent { order_id });
    }
    assert_eq!(stage.counters(&sku).await, [5, 1, 4]);
    let late = refused(stage.orders.quote(&guest(), quote(cart)).await);
    assert_eq!(late, PlaceRefusal::CartSpent { order_id });
}

pub(super) async fn the_last_one_is_sold_once(stage: Stage) {
    let sku = stage.sold(1).await;

    let buyers = (0..3).map(async |_| {
        let cart = stage.cart(&guest(), (&sku, 1)).await;
        stage.place(&guest().keyed(key()), wish(cart)).await.unwrap().order
    });
    let orders = join_all(buyers).await;

    let (got, not): (Vec<_>, Vec<_>) =
        orders.into_iter().partition(|order| order.status == OrderStatus::Confirmed);
    assert_eq!((got.len(), not.len()), (1, 2));
    for order in not {
        assert_eq!(order.status, OrderStatus::Rejected);
        let Some(Rejection::OutOfStock { lines }) = order.rejection else { panic!("{order:?}") };
        assert_eq!((&lines[0].sku, lines[0].requested, lines[0].available), (&sku, 1, 0));
    }
    assert_eq!(stage.counters(&sku).await, [1, 1, 0]);
}
