use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::Clock as _;
use platform::ops::{DeliveryState, GetDelivery, Ops as _};
use platform::{Sql as _, UnitOfWork, params};
use testkit::on_each_server;

use crate::shop::{Mood, Noting, Shop, call};

/// Never gets over the second change of the order `poison` until it is cured.
fn allergic(cured: &Arc<AtomicBool>) -> Noting {
    let cured = Arc::clone(cured);
    Noting(Box::new(move |event| {
        let poison = event.order == "poison" && event.number == 2;
        if poison && !cured.load(Ordering::Relaxed) { Mood::Panics } else { Mood::Well }
    }))
}

/// A shop in which the second of four changes of an order is parked.
async fn poisoned(server: testkit::TestServer) -> (Shop, platform::RunningEvents, Arc<AtomicBool>) {
    let (shop, cured) = (Shop::open(server).await, Arc::default());
    let events = shop.start(allergic(&cured)).await;
    for number in 1..=3 {
        shop.change("poison", number).await;
        shop.change("healthy", number).await;
    }
    for _ in 0..shop.settings.max_attempts {
        events.drain().await.unwrap();
        shop.clock.advance(Duration::from_secs(61));
    }
    shop.change("poison", 4).await;
    shop.change("healthy", 4).await;
    events.drain().await.unwrap();
    (shop, events, cured)
}

#[tokio::test]
async fn a_poison_event_is_parked_and_holds_back_its_own_key_alone() {
    on_each_server(async |server| {
        let (shop, events, _) = poisoned(server).await;

        shop.clock.advance(Duration::from_secs(1_000_000));
        events.drain().await.unwrap();

        assert_eq!(shop.noted_of("healthy").await, [1, 2, 3, 4]);
        assert_eq!(shop.noted_of("poison").await, [1]);
        let parked = shop.deliveries(DeliveryState::Parked).await;
        assert_eq!(parked.len(), 1);
        assert_eq!((parked[0].key.as_str(), parked[0].sequence), ("poison", 2));
        assert_eq!(parked[0].attempts, shop.settings.max_attempts);
        assert_eq!(parked[0].cause.as_deref(), Some("panicked"));
        assert_eq!(shop.deliveries(DeliveryState::Pending).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_fails_is_tried_again_later_and_not_before() {
    on_each_server(async |server| {
        let (shop, cured) = (Shop::open(server).await, Arc::default());
        let events = shop.start(allergic(&cured)).await;
        shop.change("poison", 2).await;

        for _ in 0..5 {
            events.drain().await.unwrap();
        }

        let pending = shop.deliveries(DeliveryState::Pending).await;
        assert_eq!((pending.len(), pending[0].attempts), (1, 1));
        cured.store(true, Ordering::Relaxed);
        shop.clock.advance(shop.settings.first_backoff);
        events.drain().await.unwrap();
        assert_eq!(shop.noted_of("poison").await, [2]);
    })
    .await;
}

#[tokio::test]
async fn a_retried_event_and_those_behind_it_flow_in_order() {
    on_each_server(async |server| {
        let (shop, events, cured) = poisoned(server).await;
        let ops = shop.ops(&shop.payments);
        let parked = shop.deliveries(DeliveryState::Parked).await.remove(0);

        cured.store(true, Ordering::Relaxed);
        let request = GetDelivery { delivery: parked.id };
        let retried = ops.retry(&call(), request.clone()).await.unwrap();
        events.drain().await.unwrap();
        let again = ops.retry(&call(), request).await.unwrap();

        assert_eq!((retried.state, retried.attempts), (DeliveryState::Pending, 0));
        assert_eq!(again.state, DeliveryState::Done);
        assert_eq!(shop.noted_of("poison").await, [1, 2, 3, 4]);
    })
    .await;
}

#[tokio::test]
async fn a_skipped_event_is_given_up_and_those_behind_it_flow() {
    on_each_server(async |server| {
        let (shop, events, cured) = poisoned(server).await;
        let ops = shop.ops(&shop.payments);
        let parked = shop.deliveries(DeliveryState::Parked).await.remove(0);

        let request = GetDelivery { delivery: parked.id };
        let skipped = ops.skip(&call(), request.clone()).await.unwrap();
        events.drain().await.unwrap();
        cured.store(true, Ordering::Relaxed);
        ops.retry(&call(), request).await.unwrap();
        shop.settle(&events).await;

        assert_eq!(skipped.state, DeliveryState::Done);
        assert_eq!(shop.noted_of("poison").await, [1, 3, 4]);
        assert_eq!(
            ops.audit(&call(), platform::ops::Audit {}).await.unwrap(),
            Vec::<String>::new()
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_held_back_is_not_looked_at_in_vain() {
    on_each_server(async |server| {
        let (shop, events, _) = poisoned(server).await;
        events.drain().await.unwrap();

        let due = "SELECT COUNT(*) FROM inbox WHERE state = 'pending' AND due_at <= $1";

        assert_eq!(shop.payments.number(due, params![shop.clock.now()]).await.unwrap(), 0);
        assert_eq!(shop.still_open().await, 2);
    })
    .await;
}

#[tokio::test]
async fn late_repeats_are_told_from_new_events_after_the_inbox_is_pruned() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        shop.change("a", 1).await;
        shop.change("a", 2).await;
        let told = deliveries_of(&shop).await;
        shop.settle(&events).await;

        shop.clock.advance(shop.settings.inbox_retention + Duration::from_secs(1));
        events.sweep().await.unwrap();
        let inbox = shop.payments.number("SELECT COUNT(*) FROM inbox", vec![]).await.unwrap();
        tell(&shop, told).await;
        shop.change("a", 3).await;
        shop.settle(&events).await;

        assert_eq!(inbox, 0);
        assert_eq!(shop.noted_of("a").await, [1, 2, 3]);
    })
    .await;
}

type Told = (String, i64, String, String, i64);

async fn deliveries_of(shop: &Shop) -> Vec<Told> {
    let select = "SELECT id, generation, event_id, key, sequence FROM delivery";
    let rows = shop.orders.query(select, vec![]).await.unwrap();
    let text = |row: &platform::Row, at| row.try_get_by_index::<String>(at).unwrap();
    let number = |row: &platform::Row, at| row.try_get_by_index::<i64>(at).unwrap();
    rows.iter()
        .map(|row| (text(row, 0), number(row, 1), text(row, 2), text(row, 3), number(row, 4)))
        .collect()
}

/// As a producer does that was not told that the inbox has them.
async fn tell(shop: &Shop, told: Vec<Told>) {
    let uow = UnitOfWork::begin(&shop.orders, shop.clock.now()).await.unwrap();
    for (id, generation, event, key, sequence) in told {
        let insert = "INSERT INTO delivery (id, subscription, generation, event_id, key, sequence, offered_until) \
                      VALUES ($1, $2, $3, $4, $5, $6, 0)";
        let values = params![id, crate::shop::NOTE, generation, event, key, sequence];
        uow.run(insert, values).await.unwrap();
    }
    uow.commit().await.unwrap();
}
