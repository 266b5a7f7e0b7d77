use kernel::{Envelope, Event, EventId, Timestamp};
use orders_contract::{Cancel, GetOrder, OrderStatus, Orders as _};
use payments_contract::{PaymentCaptured, PaymentRefunded};
use platform::{Database, UnitOfWork};
use testkit::on_each_engine;

use crate::till::{Till, staff};

#[tokio::test]
async fn a_payment_that_was_refunded_stays_so_in_whatever_order_its_events_are_told() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let order = till.buy("k1").await.unwrap().order;
        let (payment_id, order_id, amount) = (order.payment.id, order.id, order.totals.total);
        let captured = PaymentCaptured { payment_id, order_id, amount };
        let refunded = PaymentRefunded { payment_id, order_id, amount };

        let mut seen = Vec::new();
        tell(&database, "orders.note-payment-captured", &captured).await;
        seen.push(till.orders.order(&staff(), GetOrder { order: order.id }).await.unwrap());
        tell(&database, "orders.note-payment-refunded", &refunded).await;
        tell(&database, "orders.note-payment-captured", &captured).await;
        seen.push(till.orders.order(&staff(), GetOrder { order: order.id }).await.unwrap());

        let seen: Vec<_> = seen.iter().map(|order| &order.payment.status[..]).collect();
        assert_eq!(seen, ["captured", "refunded"]);
    })
    .await;
}

#[tokio::test]
async fn a_repeat_tells_the_purchase_as_it_was_whatever_was_done_with_it_since() {
    on_each_engine("orders", async |database| {
        let till = Till::open(&database).await;
        let bought = till.buy("k1").await.unwrap().order;
        let (payment_id, amount) = (bought.payment.id, bought.totals.total);
        let captured = PaymentCaptured { payment_id, order_id: bought.id, amount };

        tell(&database, "orders.note-payment-captured", &captured).await;
        let after_the_capture = till.buy("k1").await.unwrap();
        let cancel = Cancel { order: bought.id, reason: None };
        let cancelled = till.orders.cancel(&staff(), cancel).await.unwrap();
        let after_the_cancel = till.buy("k1").await.unwrap();

        assert_eq!(cancelled.status, OrderStatus::Cancelled);
        for repeat in [after_the_capture, after_the_cancel] {
            assert!(repeat.replayed);
            assert_eq!(repeat.order, bought);
        }
    })
    .await;
}

async fn tell<E: Event>(database: &Database, subscription: &str, event: &E) {
    let envelope = Envelope {
        specversion: "1.0".to_owned(),
        id: EventId::random(),
        source: "/galleria/payments".to_owned(),
        name: E::NAME.to_owned(),
        time: Timestamp::from_micros(0),
        subject: event.key(),
        sequence: 1,
        traceparent: None,
        data: serde_json::to_value(event).unwrap(),
    };
    let uow = UnitOfWork::begin(database, Timestamp::from_micros(0)).await.unwrap();
    orders::handlers()[subscription].handle(&uow, &envelope).await.unwrap();
    uow.commit().await.unwrap();
}
