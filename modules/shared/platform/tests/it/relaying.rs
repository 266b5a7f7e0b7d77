use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::{Clock as _, SystemClock};
use platform::{EventSettings, Sql as _, UnitOfWork, params};
use testkit::{TestServer, on_each_server, until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::shop::{Mood, Noting, Shop, changed};

/// Every third time it goes wrong, each time in another way; the same in each run.
fn moody() -> Noting {
    let calls = AtomicU64::new(0);
    Noting(Box::new(move |_| {
        let dice = calls.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        match dice % 12 {
            0 | 1 => Mood::Fails,
            2 => Mood::Panics,
            3 => Mood::Hangs,
            _ => Mood::Well,
        }
    }))
}

fn in_order(orders: usize, changes: i64) -> BTreeMap<String, Vec<i64>> {
    (0..orders).map(|order| (format!("order-{order}"), (1..=changes).collect())).collect()
}

#[tokio::test]
async fn every_event_is_handled_once_in_effect_and_in_order_whatever_becomes_of_handlers() {
    on_each_server(async |server| {
        let mut shop = Shop::open(server).await;
        shop.settings.max_attempts = u32::MAX;
        shop.settings.handler_timeout = Duration::from_millis(30);
        let events = shop.start(moody()).await;

        for number in 1..=6 {
            for order in 0..8 {
                shop.change(&format!("order-{order}"), number).await;
            }
            if number % 2 == 0 {
                events.drain().await.unwrap();
            }
        }
        shop.settle(&events).await;

        assert_eq!(shop.noted().await, in_order(8, 6));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_that_share_one_database_handle_every_event_once_and_in_order() {
    let Some(server) = TestServer::postgres().await else { return };
    let shop = Arc::new(Shop::open(server.clone()).await);
    let (running, stopped) = (TaskTracker::new(), CancellationToken::new());
    for _ in 0..3 {
        let mut process = Shop::open(server.clone()).await;
        process.settings = EventSettings {
            max_attempts: u32::MAX,
            handler_timeout: Duration::from_millis(30),
            first_backoff: Duration::from_millis(2),
            longest_backoff: Duration::from_millis(10),
            poll: Duration::from_millis(5),
            // Claims end under way, so that processes offer the same events.
            lease: Duration::from_millis(20),
            ..process.settings
        };
        process.start_with(Arc::new(SystemClock), moody()).await.spawn(&running, &stopped);
    }

    let publishing = (0..12).map(|order| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            for number in 1..=20 {
                shop.change(&format!("order-{order}"), number).await;
            }
        })
    });
    for publishing in publishing.collect::<Vec<_>>() {
        publishing.await.unwrap();
    }
    until("all are handled", async || shop.still_open().await == 0).await;
    stopped.cancel();
    running.close();
    running.wait().await;

    assert_eq!(shop.noted().await, in_order(12, 20));
}

#[tokio::test]
async fn a_unit_of_work_that_is_dropped_tells_nobody() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;

        let uow = UnitOfWork::begin(&shop.orders, shop.clock.now()).await.unwrap();
        uow.publish(&changed("a", 1)).await.unwrap();
        drop(uow);
        shop.change("a", 2).await;
        shop.settle(&events).await;

        assert_eq!(shop.noted_of("a").await, [2]);
        let last = "SELECT last FROM outbox_key WHERE key = 'a'";
        assert_eq!(shop.orders.number(last, vec![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_unit_of_work_whose_statement_failed_is_not_committed() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;

        let uow = UnitOfWork::begin(&shop.orders, shop.clock.now()).await.unwrap();
        let insert = "INSERT INTO outbox_key (key, last) VALUES ($1, 1)";
        uow.run(insert, params!["a"]).await.unwrap();
        uow.run(insert, params!["a"]).await.unwrap_err();
        let committed = uow.commit().await;

        assert!(committed.is_err());
        let count = "SELECT COUNT(*) FROM outbox_key";
        assert_eq!(shop.orders.number(count, vec![]).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_subscription_hears_what_was_published_after_it_was_recorded() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;

        shop.change("a", 1).await;
        let events = shop.start(Noting::well()).await;
        shop.change("a", 2).await;
        let events_again = shop.start(Noting::well()).await;
        shop.settle(&events).await;
        shop.settle(&events_again).await;

        assert_eq!(shop.noted_of("a").await, [2]);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_committed_after_later_ones_is_not_lost() {
    let Some(server) = TestServer::postgres().await else { return };
    let shop = Shop::open(server).await;
    let events = shop.start(Noting::well()).await;

    let slow = UnitOfWork::begin(&shop.orders, shop.clock.now()).await.unwrap();
    slow.publish(&changed("slow", 1)).await.unwrap();
    shop.change("quick", 1).await;
    events.drain().await.unwrap();
    let noted_before = shop.noted().await;
    slow.commit().await.unwrap();
    events.drain().await.unwrap();

    assert_eq!(noted_before.into_keys().collect::<Vec<_>>(), ["quick"]);
    assert_eq!(shop.noted_of("slow").await, [1]);
}

#[tokio::test]
async fn a_subscriber_that_stores_nothing_costs_the_others_nothing() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        let uow = UnitOfWork::begin(&shop.orders, shop.clock.now()).await.unwrap();
        let insert =
            "INSERT INTO subscription (name, event, generation, recorded_at) VALUES ($1, $2, 1, 0)";
        uow.run(insert, params!["shipping.somewhere-else", "orders.order-changed.v1"])
            .await
            .unwrap();
        uow.commit().await.unwrap();

        shop.change("a", 1).await;
        events.drain().await.unwrap();

        assert_eq!(shop.noted_of("a").await, [1]);
        let untold = "SELECT COUNT(*) FROM delivery WHERE subscription = 'shipping.somewhere-else'";
        assert_eq!(shop.orders.number(untold, vec![]).await.unwrap(), 1);
    })
    .await;
}
