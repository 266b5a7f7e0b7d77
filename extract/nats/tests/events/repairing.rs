use async_nats::jetstream::{self, consumer, stream};
use extract_nats::NatsSettings;
use testkit::{TestServer, nats};

use crate::house::{House, NOTE};

const CONSUMER: &str = "note-order-changed";

async fn house() -> Option<House> {
    let broker = nats().await?;
    let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
    Some(House::open(TestServer::sqlite(), &settings).await)
}

#[tokio::test]
async fn a_stream_or_a_consumer_that_is_gone_is_made_anew_by_who_misses_it() {
    let Some(house) = house().await else { return };
    let broker = jetstream::new(house.connection.client().clone());
    let running = house.run(1, 1).await;
    house.change_one("a", 1).await;
    house.settled().await;

    broker.delete_consumer_from_stream(CONSUMER, house.stream()).await.unwrap();
    house.change_one("a", 2).await;
    house.settled().await;
    broker.delete_stream(house.stream()).await.unwrap();
    house.change_one("a", 3).await;
    house.settled().await;
    running.end().await;

    assert_eq!(house.noted_of("a").await, [1, 2, 3]);
    house.clear().await;
}

#[tokio::test]
async fn a_producer_makes_the_stream_though_nobody_listens_yet() {
    let Some(house) = house().await else { return };
    let broker = jetstream::new(house.connection.client().clone());
    let producing = house.producing(&house.orders).await;
    house.change_one("a", 1).await;
    producing.drain().await.unwrap();

    broker.delete_stream(house.stream()).await.unwrap();
    house.change_one("b", 1).await;
    producing.drain().await.unwrap();

    let found = broker.get_stream(house.stream()).await.unwrap();
    assert_eq!(found.cached_info().state.messages, 1);
    house.clear().await;
}

#[tokio::test]
async fn a_stream_that_can_not_carry_events_is_put_right_and_its_limits_are_left_alone() {
    let Some(house) = house().await else { return };
    let broker = jetstream::new(house.connection.client().clone());
    let sound = stream::Config {
        name: house.stream(),
        subjects: vec![format!("{}.events.payments.>", house.connection.prefix())],
        retention: stream::RetentionPolicy::WorkQueue,
        max_bytes: 1_000_000,
        ..stream::Config::default()
    };
    let elsewhere = vec![format!("{}.elsewhere", house.connection.prefix())];
    let limits = stream::RetentionPolicy::Limits;
    let unsound = [
        stream::Config { subjects: elsewhere, ..sound.clone() },
        stream::Config { retention: limits, ..sound.clone() },
        stream::Config { no_ack: true, ..sound.clone() },
    ];
    for (number, config) in (1..).zip(unsound) {
        let _gone = broker.delete_stream(house.stream()).await;
        broker.create_stream(config).await.unwrap();
        let running = house.run(1, 1).await;
        house.change_one("a", number).await;
        house.settled().await;
        running.end().await;
    }
    broker.delete_stream(house.stream()).await.unwrap();
    broker.create_stream(sound).await.unwrap();

    let running = house.run(1, 1).await;
    house.change_one("a", 4).await;
    house.settled().await;
    running.end().await;

    assert_eq!(house.noted_of("a").await, [1, 2, 3, 4]);
    let found = broker.get_stream(house.stream()).await.unwrap();
    assert_eq!(found.cached_info().config.max_bytes, 1_000_000);
    house.clear().await;
}

#[tokio::test]
async fn a_consumer_that_hears_something_else_is_put_right() {
    let Some(house) = house().await else { return };
    let broker = jetstream::new(house.connection.client().clone());
    let running = house.run(1, 1).await;
    house.change_one("a", 1).await;
    house.settled().await;
    running.end().await;
    let sound = consumer::pull::Config {
        durable_name: Some(CONSUMER.to_owned()),
        filter_subject: format!("{}.events.{}", house.connection.prefix(), NOTE.name),
        ..consumer::pull::Config::default()
    };
    let elsewhere = format!("{}.events.payments.something-else", house.connection.prefix());
    let unsound = [
        consumer::pull::Config { filter_subject: elsewhere, ..sound.clone() },
        // No server lets anybody change this.
        consumer::pull::Config { max_waiting: 1, headers_only: true, ..sound },
    ];

    for (number, config) in (2..).zip(unsound) {
        broker.delete_consumer_from_stream(CONSUMER, house.stream()).await.unwrap();
        broker.create_consumer_on_stream(config, house.stream()).await.unwrap();
        let running = house.run(1, 1).await;
        house.change_one("a", number).await;
        house.settled().await;
        running.end().await;
    }

    assert_eq!(house.noted_of("a").await, [1, 2, 3]);
    house.clear().await;
}
