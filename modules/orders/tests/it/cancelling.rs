use std::time::Duration;

use kernel::{CallError, FailureKind, Proof};
use orders_contract::*;
use testkit::on_each_engine;

use crate::neighbours::Stumble;
use crate::till::{Till, guest, staff};

#[tokio::test]
async fn a_cancel_undoes_everything_once_and_lets_the_cart_be_bought_again() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let placed = till.buy("k1").await.unwrap().order;
        till.shop.steps();
        let proof = placed.access_token.as_ref().map(|token| Proof::new(token.reveal()));
        let cancel = || Cancel { order: placed.id, reason: None };

        let first = till.orders.cancel(&guest(proof.clone()), cancel()).await.unwrap();
        let second = till.orders.cancel(&guest(proof), cancel()).await.unwrap();
        let bought = till.buy("k2").await.unwrap().order;

        assert_eq!((&first.status, &first.payment.status[..]), (&OrderStatus::Cancelled, "voided"));
        assert_eq!(first, second);
        assert_eq!(
            till.shop.steps(),
            ["void", "release", "thaw", "freeze", "reserve", "authorize"]
        );
        assert_eq!(bought.number, Some(2));
    })
    .await;
}

#[tokio::test]
async fn cancels_at_once_are_all_told_that_the_order_is_cancelled() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let placed = till.buy("k1").await.unwrap().order.id;
        let caller = staff();
        let cancel = || till.orders.cancel(&caller, Cancel { order: placed, reason: None });

        let cancelled = tokio::join!(cancel(), cancel(), cancel(), cancel());

        for told in <[_; 4]>::from(cancelled) {
            assert_eq!(told.unwrap().status, OrderStatus::Cancelled);
        }
    })
    .await;
}

#[tokio::test]
async fn a_rejected_order_can_not_be_cancelled() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("reserve", Stumble::OutOfStock);
        let rejected = till.buy("k1").await.unwrap().order.id;

        let refused = till.orders.cancel(&staff(), Cancel { order: rejected, reason: None }).await;

        assert!(matches!(refused, Err(CallError::Refused(CancelRefusal::TooLate))), "{refused:?}");
        assert_eq!(till.status(rejected).await, OrderStatus::Rejected);
    })
    .await;
}

#[tokio::test]
async fn a_cancel_whose_neighbour_is_down_says_so_at_once_and_goes_on_later() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let placed = till.buy("k1").await.unwrap().order.id;
        till.shop.stumble("void", Stumble::Down);
        let caller = staff();

        let failed = till.orders.cancel(&caller, Cancel { order: placed, reason: None }).await;
        let left = caller.remaining();
        till.work().await;

        assert!(
            matches!(&failed, Err(CallError::Failed(failure)) if failure.kind == FailureKind::Unavailable),
            "{failed:?}"
        );
        assert!(left > Duration::from_secs(5), "it took all but {left:?}");
        assert_eq!(till.status(placed).await, OrderStatus::Cancelled);
    })
    .await;
}
