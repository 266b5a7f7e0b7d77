use std::sync::Arc;
use std::time::Duration;

use extract_nats::NatsSettings;
use testkit::{TestServer, nats, on_each_server};

use crate::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_go_to_another_process_once_and_in_order() {
    on_each_server(async |server| {
        let Some(broker) = nats().await else { return };
        let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
        let house = House::open(server, &settings).await;
        let running = house.run(1, 1).await;

        for number in 1..=20 {
            let changes: Vec<_> = (0..20).map(|order| (format!("order-{order}"), number)).collect();
            house.change(&changes).await;
        }
        house.settled().await;
        running.end().await;

        let noted = house.noted().await;
        assert_eq!(noted.len(), 20);
        for (order, noted) in noted {
            assert_eq!(noted, (1..=20).collect::<Vec<_>>(), "{order}");
        }
        house.clear().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_that_offer_everything_again_and_again_double_and_invert_nothing() {
    let Some(server) = TestServer::postgres().await else { return };
    let Some(broker) = nats().await else { return };
    let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
    let mut house = House::open(server, &settings).await;
    // Claims end while events are under way, so that any of them is sent by any process, several times.
    house.settings.lease = Duration::from_millis(5);
    house.settings.poll = Duration::from_millis(2);
    let house = Arc::new(house);
    let running = house.run(2, 3).await;

    let publishing = (0..6).map(|order| {
        let house = Arc::clone(&house);
        tokio::spawn(async move {
            for number in 1..=40 {
                house.change_one(&format!("order-{order}"), number).await;
            }
        })
    });
    for publishing in publishing.collect::<Vec<_>>() {
        publishing.await.unwrap();
    }
    house.settled().await;
    running.end().await;

    let noted = house.noted().await;
    assert_eq!(noted.len(), 6);
    for (order, noted) in noted {
        assert_eq!(noted, (1..=40).collect::<Vec<_>>(), "{order}");
    }
    house.clear().await;
}
