use std::sync::Arc;
use std::time::Duration;

use kernel::{
    Call, CallError, IdempotencyKey, ModuleName, Money, OrderId, Principal, Proof, Secret, UserId,
};
use orders::{OrdersModule, OrdersSettings};
use orders_contract::{
    Cancel, CancelRefusal, GetOrder, History, OrderStatus, Orders, PaymentMeans, PlaceOrder,
    PlaceRefusal, Placed, ReadRefusal, Rejection,
};
use platform::Database;
use platform::ops::Audited as _;
use testkit::{ManualClock, on_each_engine};

use crate::neighbours::{Shop, Stumble};

struct Till {
    shop: Arc<Shop>,
    orders: Arc<OrdersModule>,
    clock: Arc<ManualClock>,
}

impl Till {
    async fn open(database: &Database) -> Self {
        let (shop, clock) = (Shop::new(), Arc::new(ManualClock::default()));
        let orders = OrdersModule::open(
            database.clone(),
            clock.clone(),
            shop.neighbours(),
            OrdersSettings::default(),
        );
        Self { orders: orders.await.unwrap(), shop, clock }
    }

    async fn buy(&self, key: &str) -> Result<Placed, CallError<PlaceRefusal>> {
        self.orders
            .place(&guest(None).keyed(IdempotencyKey::parse(key).unwrap()), self.wish())
            .await
    }

    fn wish(&self) -> PlaceOrder {
        PlaceOrder {
            cart: self.shop.cart,
            email: Some("guest@example.org".parse().unwrap()),
            shipping_address: serde_json::from_value(serde_json::json!({
                "name": "Ada", "line1": "Street 1", "city": "Berlin", "postal_code": "10115", "country": "DE",
            }))
            .unwrap(),
            shipping_method: "standard".to_owned(),
            payment: PaymentMeans { provider: "sandbox".to_owned(), token: Secret::new("tok_ok") },
            discount_code: None,
            expected_total: None,
        }
    }

    /// Lets the worker take up what is due, after the lease of whoever held it.
    async fn work(&self) {
        self.clock.advance(Duration::from_secs(10));
        self.orders.saga_runner().step().await.unwrap();
    }

    async fn status(&self, order: OrderId) -> OrderStatus {
        self.orders.order(&staff(), GetOrder { order }).await.unwrap().status
    }
}

fn guest(proof: Option<Proof>) -> Call {
    Call::new(ModuleName::new("gateway"), Principal::Guest { proof }, Duration::from_secs(10))
}

fn staff() -> Call {
    Call::new(
        ModuleName::new("gateway"),
        Principal::Staff { id: UserId::generate() },
        Duration::from_secs(10),
    )
}

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
async fn what_is_out_of_stock_undoes_only_the_freeze_and_binds_the_key() {
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
        assert_eq!(steps, ["freeze", "reserve", "thaw"]);
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
