use std::sync::Arc;

use async_nats::jetstream;
use extract_nats::NatsSettings;
use platform::Sql as _;
use testkit::{OwnNats, TestServer, on_each_server, own_nats, until};

use crate::house::House;

const ORDERS: i64 = 200;
const CHANGES: i64 = 55;

/// Publishes all changes of all orders, a batch at a time.
async fn publish(house: Arc<House>) {
    for number in 1..=CHANGES {
        for orders in (0..ORDERS).collect::<Vec<_>>().chunks(50) {
            let changes: Vec<_> =
                orders.iter().map(|order| (format!("order-{order}"), number)).collect();
            house.change(&changes).await;
        }
    }
}

async fn handled(house: &House, at_least: i64) {
    let handled = "SELECT COUNT(*) FROM inbox WHERE state = 'done'";
    until("so many are handled", async || {
        house.payments.number(handled, vec![]).await.unwrap() >= at_least
    })
    .await;
}

/// So many messages are in the broker's store.
async fn under_way(house: &House, at_least: u64) {
    let broker = jetstream::new(house.connection.client().clone());
    until("so many are under way", async || {
        let found = broker.get_stream(house.stream()).await;
        found.is_ok_and(|stream| stream.cached_info().state.messages >= at_least)
    })
    .await;
}

async fn forgets(broker: &mut OwnNats) {
    broker.stop();
    broker.wipe();
    broker.start().await;
}

async fn the_broker_forgets_everything(server: TestServer) {
    let Some(mut broker) = own_nats().await else { return };
    // `SQLite` serves one process.
    let (producers, subscribers) = if server.is_shared() { (2, 3) } else { (1, 1) };
    let house = Arc::new(House::open(server, &NatsSettings::at(broker.url.clone())).await);
    let producing = house.run(producers, 0).await;
    let publishing = tokio::spawn(publish(Arc::clone(&house)));

    // Once with what is certainly on its way, and once with what just is.
    under_way(&house, 5).await;
    forgets(&mut broker).await;
    let subscribing = house.run(0, subscribers).await;
    handled(&house, ORDERS * CHANGES / 2).await;
    forgets(&mut broker).await;
    publishing.await.unwrap();
    house.settled().await;
    producing.end().await;
    subscribing.end().await;

    let noted = house.noted().await;
    assert_eq!(i64::try_from(noted.len()).unwrap(), ORDERS);
    for (order, noted) in noted {
        assert_eq!(noted, (1..=CHANGES).collect::<Vec<_>>(), "{order}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_loses_its_whole_store_in_mid_traffic_loses_no_event_and_doubles_no_effect() {
    on_each_server(the_broker_forgets_everything).await;
}
