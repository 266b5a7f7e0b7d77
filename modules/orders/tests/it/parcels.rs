use kernel::{CallError, FailureKind, IdempotencyKey};
use orders_contract::*;
use testkit::on_each_engine;

use crate::neighbours::Stumble;
use crate::till::{Till, guest};

#[tokio::test]
async fn while_shipping_is_away_a_purchase_goes_by_the_tariff_that_it_told_last() {
    for away in [Stumble::Down, Stumble::Paused] {
        on_each_engine("orders", async |database| {
            let till = Till::open(&database).await;
            till.orders.keep_tariff().await.unwrap();
            *till.shop.postage.lock().unwrap() = 590;
            till.orders.keep_tariff().await.unwrap();
            *till.shop.postage.lock().unwrap() = 9_999;
            till.shop.stumble("methods", away.clone());

            let placed = till.buy("k1").await.unwrap();

            assert_eq!(placed.order.status, OrderStatus::Confirmed);
            assert_eq!(placed.order.totals.shipping.amount(), 590, "{away:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn the_tariff_has_no_method_that_shipping_does_not_know() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.orders.keep_tariff().await.unwrap();
        till.shop.stumble("methods", Stumble::Down);
        let wish = PlaceOrder { shipping_method: "express".to_owned(), ..till.wish() };

        let call = guest(None).keyed(IdempotencyKey::parse("k1").unwrap());
        let refused = till.orders.place(&call, wish).await;

        let unknown =
            matches!(refused, Err(CallError::Refused(PlaceRefusal::UnknownShippingMethod)));
        assert!(unknown, "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn where_no_tariff_was_ever_told_a_purchase_fails_and_its_key_stays_free() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("methods", Stumble::Down);

        let failed = till.buy("k1").await;
        let bought = till.buy("k1").await.unwrap();

        let Err(CallError::Failed(failure)) = failed else { panic!("{failed:?}") };
        assert_eq!(failure.kind, FailureKind::Unavailable);
        assert_eq!((bought.replayed, bought.order.number), (false, Some(1)));
    })
    .await;
}
