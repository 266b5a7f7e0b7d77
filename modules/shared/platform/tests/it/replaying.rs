use std::time::Duration;

use kernel::{CallError, Clock as _};
use platform::ops::{DeliveryState, Ops as _, OpsRefusal, Replay, Unsubscribe};
use platform::{Sql as _, UnitOfWork};
use testkit::{TestServer, on_each_server, until};

use crate::shop::{Mood, NOTE, Noting, Shop, call, changed};

fn again(from: Option<kernel::Timestamp>) -> Replay {
    Replay { subscription: NOTE.to_owned(), from }
}

#[tokio::test]
async fn a_replay_tells_history_again_from_a_moment_on() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        shop.change("a", 1).await;
        shop.clock.advance(Duration::from_secs(1));
        let from = shop.clock.now();
        shop.change("a", 2).await;
        shop.change("a", 3).await;
        shop.settle(&events).await;

        let ops = shop.ops(&shop.orders);
        let replayed = ops.replay(&call(), again(Some(from))).await.unwrap();
        shop.change("a", 4).await;
        shop.settle(&events).await;

        assert_eq!((replayed.events, replayed.generation), (2, 2));
        assert_eq!(shop.noted_of("a").await, [1, 2, 3, 2, 3, 4]);
        for database in [&shop.orders, &shop.payments] {
            let audit = shop.ops(database).audit(&call(), platform::ops::Audit {}).await.unwrap();
            assert_eq!(audit, Vec::<String>::new());
        }
    })
    .await;
}

#[tokio::test]
async fn a_replay_tells_a_long_history_whole() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        let uow = UnitOfWork::begin(&shop.orders, shop.clock.now()).await.unwrap();
        for number in 1..=603 {
            uow.publish(&changed(&format!("order-{}", number % 7), number)).await.unwrap();
        }
        uow.commit().await.unwrap();
        shop.settle(&events).await;

        let replayed = shop.ops(&shop.orders).replay(&call(), again(None)).await.unwrap();
        shop.settle(&events).await;

        assert_eq!(replayed.events, 603);
        for noted in shop.noted().await.into_values() {
            let (first, second) = noted.split_at(noted.len() / 2);
            assert!(first == second && first.is_sorted(), "{noted:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_replay_takes_the_place_of_what_was_not_told_or_is_parked() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let sick = shop
            .start(Noting(Box::new(
                |event| if event.number == 2 { Mood::Fails } else { Mood::Well },
            )))
            .await;
        for number in 1..=3 {
            shop.change("a", number).await;
        }
        for _ in 0..shop.settings.max_attempts {
            sick.drain().await.unwrap();
            shop.clock.advance(Duration::from_secs(61));
        }
        shop.change("a", 4).await;

        let replayed = shop.ops(&shop.orders).replay(&call(), again(None)).await.unwrap();
        shop.settle(&shop.start(Noting::well()).await).await;

        assert_eq!(replayed.events, 4);
        assert_eq!(shop.deliveries(DeliveryState::Parked).await, []);
        let noted = shop.noted_of("a").await;
        assert_eq!(noted[..3], [1, 1, 2]);
        assert_eq!(noted.last(), Some(&4));
        assert!(noted[1..].is_sorted(), "{noted:?}");
    })
    .await;
}

#[tokio::test]
async fn a_subscription_that_is_ended_is_told_nothing_more() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        shop.change("a", 1).await;
        shop.settle(&events).await;
        shop.change("a", 2).await;

        let ops = shop.ops(&shop.orders);
        let request = Unsubscribe { subscription: NOTE.to_owned() };
        ops.unsubscribe(&call(), request.clone()).await.unwrap();
        shop.change("a", 3).await;
        shop.settle(&events).await;

        assert_eq!(shop.noted_of("a").await, [1]);
        let unknown = ops.unsubscribe(&call(), request).await;
        assert!(matches!(unknown, Err(CallError::Refused(OpsRefusal::UnknownSubscription))));
        let unknown = ops.replay(&call(), again(None)).await;
        assert!(matches!(unknown, Err(CallError::Refused(OpsRefusal::UnknownSubscription))));
    })
    .await;
}

#[tokio::test]
async fn a_subscription_that_is_recorded_again_handles_what_is_told_again() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let (events, ops) = (shop.start(Noting::well()).await, shop.ops(&shop.orders));
        shop.change("a", 1).await;
        shop.change("a", 2).await;
        ops.replay(&call(), again(None)).await.unwrap();
        shop.settle(&events).await;
        let request = Unsubscribe { subscription: NOTE.to_owned() };
        ops.unsubscribe(&call(), request).await.unwrap();
        shop.change("a", 3).await;

        let events = shop.start(Noting::well()).await;
        shop.change("a", 4).await;
        shop.settle(&events).await;
        let replayed = ops.replay(&call(), again(None)).await.unwrap();
        shop.settle(&events).await;

        assert_eq!((replayed.events, replayed.generation), (4, 4));
        assert_eq!(shop.noted_of("a").await, [1, 2, 4, 1, 2, 3, 4]);
    })
    .await;
}

/// Waits until so many connections wait for a lock.
async fn waiting(shop: &Shop, connections: i64) {
    let count = "SELECT COUNT(DISTINCT w.pid) FROM pg_locks w JOIN pg_locks h ON h.pid = w.pid WHERE NOT w.granted \
                 AND h.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let wait = async || shop.payments.number(count, vec![]).await.unwrap() == connections;
    until("so many wait", wait).await;
}

#[tokio::test]
async fn a_subscription_does_not_end_while_an_event_is_published_to_it() {
    let Some(server) = TestServer::postgres().await else { return };
    let shop = Shop::open(server).await;
    drop(shop.start(Noting::well()).await);
    let first = UnitOfWork::begin(&shop.orders, shop.clock.now()).await.unwrap();
    first.publish(&changed("a", 1)).await.unwrap();

    let ended = async {
        waiting(&shop, 1).await;
        let request = Unsubscribe { subscription: NOTE.to_owned() };
        shop.ops(&shop.orders).unsubscribe(&call(), request).await.unwrap();
    };
    let committed = async {
        waiting(&shop, 2).await;
        first.commit().await.unwrap();
    };
    // The second waits for the first, having read who subscribed.
    tokio::join!(shop.change("a", 2), ended, committed);

    assert_eq!(shop.orders.number("SELECT COUNT(*) FROM delivery", vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn history_is_forgotten_after_its_retention_if_everybody_was_told() {
    on_each_server(async |server| {
        let mut shop = Shop::open(server).await;
        shop.settings.retention = Some(Duration::from_secs(100));
        let events = shop.start(Noting::well()).await;
        let count = "SELECT COUNT(*) FROM outbox";
        shop.change("a", 1).await;

        shop.clock.advance(Duration::from_secs(101));
        events.sweep().await.unwrap();
        let untold = shop.orders.number(count, vec![]).await.unwrap();
        shop.settle(&events).await;
        events.sweep().await.unwrap();
        let told = shop.orders.number(count, vec![]).await.unwrap();
        shop.change("a", 2).await;
        shop.settle(&events).await;

        assert_eq!((untold, told), (1, 0));
        assert_eq!(shop.noted_of("a").await, [1, 2]);
    })
    .await;
}
