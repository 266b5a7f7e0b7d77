use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_nats::jetstream::{self, consumer::PullConsumer};
use async_trait::async_trait;
use extract_nats::NatsSettings;
use kernel::{Failure, FailureKind};
use platform::ops::{FakeOps, Ops as _};
use platform::{Inbox, Offered, Taken};
use testkit::{TestServer, nats, own_nats, until};
use tokio::sync::Notify;

use crate::house::{House, NOTE, Running, call};

async fn house() -> Option<House> {
    let broker = nats().await?;
    let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
    Some(House::open(TestServer::sqlite(), &settings).await)
}

/// An inbox whose database is down the first few times.
struct Down {
    inbox: Arc<dyn Inbox>,
    left: AtomicUsize,
    asked: Notify,
    up: Notify,
}

#[async_trait]
impl Inbox for Down {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        let down =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if down.is_ok() {
            return Err(Failure::unavailable("the database is down"));
        }
        self.asked.notify_one();
        self.up.notified().await;
        self.inbox.store(offers).await
    }
}

fn down(house: &House, times: usize) -> Arc<Down> {
    let (left, inbox) = (AtomicUsize::new(times), house.inbox());
    Arc::new(Down { inbox, left, asked: Notify::new(), up: Notify::new() })
}

#[tokio::test]
async fn what_an_inbox_could_not_store_comes_again() {
    let Some(mut house) = house().await else { return };
    // It comes again from the broker, and not from the producer.
    house.settings.lease = std::time::Duration::from_hours(1);
    let (running, inbox) = (Running::default(), down(&house, 2));
    inbox.up.notify_one();
    house.producing(&house.orders).await.spawn(&running.tasks, &running.stop);
    house.handling(&house.payments).await.spawn(&running.tasks, &running.stop);
    let listener = house.listener(inbox.clone(), house.ops());
    running.tasks.spawn(listener.run(running.stop.clone()));

    house.change_one("a", 1).await;
    house.settled().await;
    running.end().await;

    assert_eq!(inbox.left.load(Ordering::SeqCst), 0);
    assert_eq!(house.noted_of("a").await, [1]);
    house.clear().await;
}

#[tokio::test]
async fn a_confirmation_that_is_lost_is_made_again_and_doubles_nothing() {
    let Some(mut house) = house().await else { return };
    house.settings.lease = std::time::Duration::from_hours(1);
    let (running, forgetful) = (Running::default(), Arc::new(FakeOps::default()));
    let (ops, lost) = (house.ops(), Arc::new(AtomicUsize::new(0)));
    let times = Arc::clone(&lost);
    forgetful.confirm.answer(move |_, request| {
        let (ops, nth) = (ops.clone(), times.fetch_add(1, Ordering::SeqCst));
        async move {
            let lost = Failure::unavailable("it got lost");
            if nth == 0 {
                return Err(lost.into());
            }
            let confirmed = ops.confirm(&call(), request).await?;
            if nth == 1 { Err(lost.into()) } else { Ok(confirmed) }
        }
    });
    house.producing(&house.orders).await.spawn(&running.tasks, &running.stop);
    house.handling(&house.payments).await.spawn(&running.tasks, &running.stop);
    let listener = house.listener(house.inbox(), forgetful);
    running.tasks.spawn(listener.run(running.stop.clone()));

    house.change_one("a", 1).await;
    until("it was confirmed for good", async || lost.load(Ordering::SeqCst) == 3).await;
    house.change_one("a", 2).await;
    house.settled().await;
    running.end().await;

    assert_eq!(house.noted_of("a").await, [1, 2]);
    house.clear().await;
}

#[tokio::test]
async fn a_message_that_is_no_offer_is_dropped_and_holds_nothing_up() {
    let Some(house) = house().await else { return };
    let broker = jetstream::new(house.connection.client().clone());
    let (prefix, running) = (house.connection.prefix(), house.run(1, 1).await);
    house.change_one("a", 1).await;
    house.settled().await;

    let subject = format!("{prefix}.events.{}", NOTE.name);
    for garbage in ["", "{", "[]", r#"{"deliveries":[{}]}"#] {
        broker.publish(subject.clone(), garbage.into()).await.unwrap().await.unwrap();
    }
    house.change_one("a", 2).await;
    house.settled().await;
    let mut stream = broker.get_stream(house.stream()).await.unwrap();
    let messages =
        async |stream: &mut jetstream::stream::Stream| stream.info().await.unwrap().state.messages;
    let begun = std::time::Instant::now();
    while messages(&mut stream).await > 0 {
        assert!(begun.elapsed().as_secs() < 20, "the garbage is still there");
        tokio::task::yield_now().await;
    }
    running.end().await;

    assert_eq!(house.noted_of("a").await, [1, 2]);
    house.clear().await;
}

#[tokio::test]
async fn a_listener_that_is_told_to_stop_settles_what_it_took() {
    let Some(house) = house().await else { return };
    let broker = jetstream::new(house.connection.client().clone());
    let (running, inbox) = (Running::default(), down(&house, 0));
    let producing = house.producing(&house.orders).await;
    let listener = house.listener(inbox.clone(), house.ops());
    running.tasks.spawn(listener.run(running.stop.clone()));
    house.change_one("a", 1).await;
    producing.drain().await.unwrap();
    inbox.asked.notified().await;

    running.stop.cancel();
    inbox.up.notify_one();
    running.end().await;

    let handling = house.handling(&house.payments).await;
    handling.drain().await.unwrap();
    assert_eq!((house.still_open().await, house.noted_of("a").await), (0, vec![1]));
    let consumer: PullConsumer =
        broker.get_consumer_from_stream("note-order-changed", house.stream()).await.unwrap();
    assert_eq!(consumer.cached_info().num_ack_pending, 0);
    house.clear().await;
}

#[tokio::test]
async fn a_broker_that_is_down_fails_offers_at_once_and_they_are_free_to_be_made_again() {
    let Some(mut broker) = own_nats().await else { return };
    let house = House::open(TestServer::sqlite(), &NatsSettings::at(broker.url.clone())).await;
    let producing = house.producing(&house.orders).await;
    house.change_one("a", 1).await;
    producing.drain().await.unwrap();
    broker.stop();
    until("the loss is known", async || !house.connection.is_up()).await;
    house.change_one("b", 1).await;

    let begun = std::time::Instant::now();
    let failed = producing.drain().await.unwrap_err();
    let took = begun.elapsed();
    let claimed = "SELECT COUNT(*) FROM delivery WHERE key = 'b' AND offered_until > $1";
    let claimed =
        platform::Sql::number(&house.orders, claimed, platform::params![house.clock.now()])
            .await
            .unwrap();
    broker.start().await;
    let running = house.run(1, 1).await;
    house.settled().await;
    running.end().await;

    assert_eq!((failed.kind, claimed), (FailureKind::Unavailable, 0));
    assert!(took < std::time::Duration::from_secs(3), "{took:?}");
    assert_eq!((house.noted_of("a").await, house.noted_of("b").await), (vec![1], vec![1]));
}
