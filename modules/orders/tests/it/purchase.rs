use std::sync::Arc;
use std::time::Duration;

use kernel::{
    Call, CallError, Executed, IdempotencyKey, ModuleName, Money, Principal, Proof, UserId,
};
use orders_contract::*;
use platform::ops::Audited as _;
use testkit::on_each_engine;

use crate::neighbours::Stumble;
use crate::till::{Till, guest, staff};

#[tokio::test]
async fn a_purchase_takes_its_steps_and_draws_the_next_number() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;

        let placed = till.buy("k1").await.unwrap();

        assert_eq!(placed.order.status, OrderStatus::Confirmed);
        assert_eq!((placed.order.number, placed.replayed), (Some(1), false));
        assert_eq!(placed.order.totals.total.amount(), 2_490);
        assert_eq!(placed.order.totals.tax.amount(), 319 + 78);
        assert_eq!(till.shop.steps(), ["freeze", "reserve", "authorize"]);
        assert_eq!(till.orders.audit().await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn the_same_key_tells_the_same_order_and_another_body_is_refused() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let first = till.buy("k1").await.unwrap();
        *till.shop.price.lock().unwrap() = 9_999;

        let again = till.buy("k1").await.unwrap();
        let other = PlaceOrder { shipping_method: "express".to_owned(), ..till.wish() };
        let call = guest(None).keyed(IdempotencyKey::parse("k1").unwrap());
        let reused = till.orders.place(&call, other).await;

        assert!(again.replayed);
        assert_eq!(again.order, first.order);
        assert!(
            matches!(reused, Err(CallError::Refused(PlaceRefusal::IdempotencyKeyReused))),
            "{reused:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_repeat_that_finds_its_cart_bought_meanwhile_tells_that_order() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("contents", Stumble::Late);

        let buying = async || {
            let bought = till.buy("k1").await.unwrap();
            till.shop.go_on.notify_one();
            bought
        };
        let (one, other) = futures_util::future::join(buying(), buying()).await;

        assert_eq!(one.order, other.order);
        assert_ne!(one.replayed, other.replayed);
    })
    .await;
}

#[tokio::test]
async fn fifty_purchases_at_once_with_one_key_make_one_order() {
    on_each_engine("orders", async |database| {
        let till = Arc::new(Till::open(&database).await);

        let buyers: Vec<_> = (0..50)
            .map(|_| {
                let till = Arc::clone(&till);
                tokio::spawn(async move { till.buy("k1").await.unwrap() })
            })
            .collect();
        let mut answers = Vec::new();
        for buyer in buyers {
            answers.push(buyer.await.unwrap());
        }

        assert!(answers.iter().all(|answer| answer.order == answers[0].order));
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        assert_eq!(till.shop.steps().iter().filter(|step| *step == "authorize").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_cart_with_a_live_order_is_spent_under_another_key() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let first = till.buy("k1").await.unwrap().order.id;

        let second = till.buy("k2").await;

        let Err(CallError::Refused(PlaceRefusal::CartSpent { order_id })) = second else {
            panic!("{second:?}")
        };
        assert_eq!(order_id, first);
    })
    .await;
}

#[tokio::test]
async fn an_order_is_shown_to_its_owner_and_to_staff_alone() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let placed = till.buy("k1").await.unwrap().order;
        let token = placed.access_token.clone().unwrap();
        let stranger = Call::new(
            ModuleName::new("gateway"),
            Principal::User { id: UserId::generate() },
            Duration::from_secs(1),
        );

        for call in [guest(None), guest(Some(Proof::new("00"))), stranger] {
            let (order, history) =
                (GetOrder { order: placed.id }, History { order: placed.id, after: 0, wait_ms: 0 });
            let shown = till.orders.order(&call, order).await;
            let told = till.orders.history(&call, history).await;
            let cancelled =
                till.orders.cancel(&call, Cancel { order: placed.id, reason: None }).await;

            assert!(matches!(shown, Err(CallError::Refused(ReadRefusal::NotFound))), "{shown:?}");
            assert!(matches!(told, Err(CallError::Refused(ReadRefusal::NotFound))), "{told:?}");
            assert!(
                matches!(cancelled, Err(CallError::Refused(CancelRefusal::NotFound))),
                "{cancelled:?}"
            );
        }
        for call in [staff(), guest(Some(Proof::new(token.reveal())))] {
            assert!(till.orders.order(&call, GetOrder { order: placed.id }).await.is_ok());
        }
    })
    .await;
}

#[tokio::test]
async fn a_price_that_changed_and_a_missing_key_record_nothing() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let expected = Money::new(1, kernel::Currency::EUR);
        let call = guest(None).keyed(IdempotencyKey::parse("k1").unwrap());

        let changed = till
            .orders
            .place(&call, PlaceOrder { expected_total: Some(expected), ..till.wish() })
            .await;
        let keyless = till.orders.place(&guest(None), till.wish()).await;
        let bought = till.buy("k1").await.unwrap();

        assert!(
            matches!(changed, Err(CallError::Refused(PlaceRefusal::PriceChanged { .. }))),
            "{changed:?}"
        );
        assert!(
            matches!(keyless, Err(CallError::Refused(PlaceRefusal::IdempotencyKeyMissing))),
            "{keyless:?}"
        );
        assert_eq!((bought.order.number, bought.replayed), (Some(1), false));
    })
    .await;
}

#[tokio::test]
async fn a_purchase_without_an_outcome_is_told_as_pending_while_its_caller_still_waits() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        till.shop.stumble("reserve", Stumble::Paused);
        let call = hurried(Duration::from_secs(1));

        let placed = till.orders.place(&call, till.wish()).await.unwrap();

        let left = call.remaining();
        assert_eq!(placed.order.status, OrderStatus::Pending);
        assert!(!left.is_zero() && left <= Duration::from_millis(250), "{left:?}");
    })
    .await;
}

#[tokio::test]
async fn an_order_that_its_caller_could_not_be_told_of_is_not_recorded() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;

        let late = till.orders.place(&hurried(Duration::ZERO), till.wish()).await;
        let again = till.buy("k1").await.unwrap();

        assert!(
            matches!(&late, Err(CallError::Failed(failure)) if failure.executed == Executed::No),
            "{late:?}"
        );
        assert_eq!((again.order.number, again.replayed), (Some(1), false));
    })
    .await;
}

/// A guest who has so much time to buy under the key `k1`.
fn hurried(time: Duration) -> Call {
    let guest = Principal::Guest { proof: None };
    let call = Call::new(ModuleName::new("gateway"), guest, time);
    call.keyed(IdempotencyKey::parse("k1").unwrap())
}
