use std::time::Duration;

use orders_contract::*;
use testkit::on_each_engine;

use crate::neighbours::Stumble;
use crate::till::Till;

#[tokio::test]
async fn what_is_out_of_stock_closes_the_hold_to_its_late_tries_and_binds_the_key() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("reserve", Stumble::OutOfStock);

        let refused = till.buy("k1").await.unwrap();
        let steps = till.shop.steps();
        let again = till.buy("k1").await.unwrap();
        let bought = till.buy("k2").await.unwrap();

        assert!(
            matches!(refused.order.rejection, Some(Rejection::OutOfStock { .. })),
            "{refused:?}"
        );
        assert_eq!(steps, ["freeze", "reserve", "release", "thaw"]);
        assert!(again.replayed && again.order == refused.order);
        assert_eq!((bought.order.number, refused.order.number), (Some(1), None));
    })
    .await;
}

#[tokio::test]
async fn a_declined_payment_undoes_the_hold_and_the_freeze() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("authorize", Stumble::Declined);

        let refused = till.buy("k1").await.unwrap().order;

        assert_eq!(refused.status, OrderStatus::Rejected);
        assert_eq!(
            refused.rejection,
            Some(Rejection::PaymentDeclined { decline_code: "card_declined".to_owned() })
        );
        assert_eq!(till.shop.steps(), ["freeze", "reserve", "authorize", "release", "thaw"]);
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_leaves_the_order_pending_and_the_worker_settles_it() {
    on_each_engine("orders", async |database| {
        for step in ["freeze", "reserve", "authorize"] {
            let till = Till::open(&database).await;
            till.shop.stumble(step, Stumble::LostAnswer);

            let pending = till.buy(step).await.unwrap().order;
            till.work().await;
            let settled = till.buy(step).await.unwrap();

            assert_eq!(pending.status, OrderStatus::Pending, "{step}");
            assert_eq!(
                (settled.order.status, settled.replayed),
                (OrderStatus::Confirmed, true),
                "{step}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn undoing_goes_on_until_every_neighbour_answered() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("authorize", Stumble::Declined);
        till.shop.stumble("release", Stumble::Down);
        till.shop.stumble("thaw", Stumble::Down);

        let pending = till.buy("k1").await.unwrap().order;
        till.work().await;
        till.work().await;

        assert_eq!(pending.status, OrderStatus::Pending);
        assert_eq!(till.status(pending.id).await, OrderStatus::Rejected);
    })
    .await;
}

#[tokio::test]
async fn an_order_that_never_settles_is_rejected_at_its_deadline_with_everything_undone() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("authorize", Stumble::Down);
        let pending = till.buy("k1").await.unwrap().order;
        till.shop.steps();

        till.clock.advance(Duration::from_mins(15));
        till.work().await;

        assert_eq!(till.status(pending.id).await, OrderStatus::Rejected);
        assert_eq!(till.shop.steps(), ["void", "release", "thaw"]);
    })
    .await;
}
