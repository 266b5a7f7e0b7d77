use std::time::Duration;

use kernel::{Clock as _, SystemClock};
use platform::ops::{ListDeliveries, Ops as _};
use platform::{EventError, Neighbour, Sql as _, Subscriber, start_events};
use testkit::{on_each_server, until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::broker::{Broker, arrive, confirm, settle};
use crate::shop::{Noting, SUBSCRIPTIONS, Shop, call, changed, page};

fn event(order: &str, sequence: u64) -> (String, u64) {
    (order.to_owned(), sequence)
}

#[tokio::test]
async fn one_batch_of_a_key_is_under_way_and_other_keys_go_on() {
    on_each_server(async |server| {
        let (shop, broker) = (Shop::open(server).await, Broker::new(usize::MAX));
        let producing = shop.produce(broker.clone()).await;
        for (order, number) in [("a", 1), ("a", 2), ("b", 1)] {
            shop.change(order, number).await;
            producing.drain().await.unwrap();
        }

        let before = broker.names().await;
        let first = broker.take().await.remove(0);
        arrive(&shop, &first).await;
        confirm(&shop, &first).await;
        producing.drain().await.unwrap();

        assert_eq!(before, [[event("a", 1)], [event("b", 1)]]);
        assert_eq!(broker.names().await, [[event("a", 2)]]);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_confirmed_in_time_is_offered_again_with_what_came_after_it() {
    on_each_server(async |server| {
        let (shop, broker) = (Shop::open(server).await, Broker::new(usize::MAX));
        let producing = shop.produce(broker.clone()).await;
        let listening = shop.listen(Noting::well()).await;
        shop.change("a", 1).await;
        producing.drain().await.unwrap();
        let lost = broker.take().await;
        shop.change("a", 2).await;

        shop.clock.advance(shop.settings.lease.saturating_sub(Duration::from_micros(1)));
        producing.drain().await.unwrap();
        let in_time = broker.names().await;
        shop.clock.advance(Duration::from_micros(1));
        producing.drain().await.unwrap();
        let too_late = broker.names().await;
        settle(&shop, &broker, (&producing, &listening)).await;
        arrive(&shop, &lost[0]).await;
        settle(&shop, &broker, (&producing, &listening)).await;

        assert_eq!(in_time, [[]; 0]);
        assert_eq!(too_late, [[event("a", 1), event("a", 2)]]);
        assert_eq!(shop.noted_of("a").await, [1, 2]);
        assert_eq!(confirm(&shop, &lost[0]).await, 0);
    })
    .await;
}

#[tokio::test]
async fn only_so_much_is_under_way_and_a_confirmation_makes_room() {
    on_each_server(async |server| {
        let (shop, broker) = (Shop::open(server).await, Broker::new(usize::MAX));
        let producing = shop.produce(broker.clone()).await;
        for order in 0..100 {
            shop.change(&format!("order-{order}"), 1).await;
            producing.drain().await.unwrap();
        }
        let mut sent = broker.take().await;
        let under_way = sent.len();

        let arrived = sent.remove(0);
        arrive(&shop, &arrived).await;
        confirm(&shop, &arrived).await;
        producing.drain().await.unwrap();

        assert_eq!(under_way, 64);
        let rest = broker.names().await;
        assert_eq!((rest.len(), rest[0].len()), (1, 36));
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_lets_the_next_batch_go_at_once() {
    on_each_server(async |server| {
        let mut shop = Shop::open(server).await;
        shop.settings.poll = Duration::from_hours(1);
        let (broker, tasks, stopped) =
            (Broker::new(usize::MAX), TaskTracker::new(), CancellationToken::new());
        shop.produce(broker.clone()).await.spawn(&tasks, &stopped);
        shop.change("a", 1).await;
        until("the first is sent", async || !broker.sent.lock().await.is_empty()).await;
        let first = broker.take().await.remove(0);
        shop.change("a", 2).await;

        arrive(&shop, &first).await;
        confirm(&shop, &first).await;

        until("the second is sent", async || !broker.sent.lock().await.is_empty()).await;
        stopped.cancel();
        tasks.close();
        tasks.wait().await;
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_bounded_in_bytes_and_leaves_no_key_waiting() {
    on_each_server(async |server| {
        let (shop, broker) = (Shop::open(server).await, Broker::new(usize::MAX));
        let producing = shop.produce(broker.clone()).await;
        for order in 0..12 {
            let personal = Some("x".repeat(1024 * 1024));
            let order = format!("order-{order}");
            shop.publish(&crate::shop::OrderChanged { personal, ..changed(&order, 1) }).await;
        }

        producing.drain().await.unwrap();

        let sent: Vec<usize> = broker.names().await.iter().map(Vec::len).collect();
        assert_eq!(sent, [4, 4, 4]);
    })
    .await;
}

#[tokio::test]
async fn a_delivery_under_way_says_until_when_it_is_awaited() {
    on_each_server(async |server| {
        let (shop, broker) = (Shop::open(server).await, Broker::new(usize::MAX));
        let producing = shop.produce(broker.clone()).await;
        let list = async || {
            let request =
                ListDeliveries { state: None, subscription: None, before: None, page: page(10) };
            let listed = shop.ops(&shop.orders).deliveries(&call(), request).await.unwrap().items;
            listed.into_iter().map(|it| (it.sequence, it.under_way_until)).collect::<Vec<_>>()
        };
        shop.change("a", 1).await;

        let before = list().await;
        producing.drain().await.unwrap();
        shop.change("a", 2).await;
        let under_way = list().await;
        let until = kernel::Clock::now(&*shop.clock).plus(shop.settings.lease);
        shop.clock.advance(shop.settings.lease);
        let over = list().await;

        assert_eq!(before, [(1, None)]);
        assert_eq!(under_way, [(2, Some(until)), (1, Some(until))]);
        assert_eq!(over, [(2, None), (1, None)]);
    })
    .await;
}

#[tokio::test]
async fn a_module_that_is_off_gets_no_subscription_and_keeps_those_it_has() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let off = || Neighbour { subscriptions: SUBSCRIPTIONS, subscriber: Subscriber::Off };
        shop.produce_for(off()).await;
        shop.change("a", 1).await;
        let untold = "SELECT COUNT(*) FROM delivery";
        let before = shop.orders.number(untold, vec![]).await.unwrap();

        shop.produce(Broker::new(usize::MAX)).await;
        let producing = shop.produce_for(off()).await;
        shop.change("a", 2).await;
        producing.drain().await.unwrap();

        assert_eq!(before, 0);
        assert_eq!(shop.orders.number(untold, vec![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_module_that_runs_here_and_elsewhere_is_refused() {
    let shop = Shop::open(testkit::TestServer::sqlite()).await;
    let neighbour = || Neighbour {
        subscriptions: SUBSCRIPTIONS,
        subscriber: Subscriber::Elsewhere(Broker::new(usize::MAX)),
    };
    let clock: std::sync::Arc<dyn kernel::Clock> = std::sync::Arc::new(SystemClock);

    let twice = vec![neighbour(), neighbour()];
    let refused = start_events(&clock, &shop.settings, vec![], twice).await.err();

    assert!(matches!(refused, Some(EventError::Twice(crate::shop::NOTE))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn confirmations_of_the_same_do_not_wait_for_each_other_in_a_circle() {
    let Some(server) = testkit::TestServer::postgres().await else { return };
    let (shop, broker) = (Shop::open(server).await, Broker::new(usize::MAX));
    let producing = shop.produce(broker.clone()).await;
    for round in 0..10_u64 {
        let uow = platform::UnitOfWork::begin(&shop.orders, SystemClock.now()).await.unwrap();
        for order in 0..300 {
            uow.publish(&changed(&format!("order-{round}-{order}"), 1)).await.unwrap();
        }
        uow.commit().await.unwrap();
        producing.drain().await.unwrap();
        let sent: Vec<_> = broker.take().await.concat();

        let backwards: Vec<_> = sent.iter().rev().cloned().collect();
        let parts = [&sent[..], &backwards[..], &sent[40..]];
        let confirming = parts.map(|part| confirm(&shop, part));
        let confirmed = futures_util::future::join_all(confirming).await;

        assert_eq!(confirmed.iter().sum::<u64>(), 300, "{confirmed:?}");
    }
}
