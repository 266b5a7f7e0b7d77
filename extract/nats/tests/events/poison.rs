use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::jetstream::{self, consumer::PullConsumer};
use async_trait::async_trait;
use extract_nats::NatsSettings;
use kernel::Failure;
use platform::{Inbox, Offered, Taken};
use testkit::{TestServer, nats, until};
use tokio::sync::{Mutex, Semaphore};

use crate::house::{House, Running};

/// An inbox that can't store the events of the order `bad` until it is cured.
struct Allergic {
    inbox: Arc<dyn Inbox>,
    /// The orders of each call, in turn.
    calls: Mutex<Vec<Vec<String>>>,
    open: Semaphore,
    cured: AtomicBool,
}

#[async_trait]
impl Inbox for Allergic {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        let orders: Vec<_> = offers.iter().map(|offer| offer.envelope.subject.clone()).collect();
        let bad = orders.iter().any(|order| order == "bad");
        self.calls.lock().await.push(orders);
        let _open = self.open.acquire().await.map_err(Failure::internal)?;
        if bad && !self.cured.load(Ordering::SeqCst) {
            return Err(Failure::internal("a row that the database refuses"));
        }
        self.inbox.store(offers).await
    }
}

fn allergic(house: &House) -> Arc<Allergic> {
    Arc::new(Allergic {
        inbox: house.inbox(),
        calls: Mutex::default(),
        open: Semaphore::new(0),
        cured: AtomicBool::new(false),
    })
}

/// All messages are taken by the listener, and settled by and by.
async fn all_are_taken(house: &House, messages: usize) {
    let broker = jetstream::new(house.connection.client().clone());
    until("all are taken", async || {
        let found = broker.get_consumer_from_stream("note-order-changed", house.stream()).await;
        found.is_ok_and(|consumer: PullConsumer| consumer.cached_info().num_ack_pending == messages)
    })
    .await;
}

#[tokio::test]
async fn a_message_that_can_not_be_stored_does_not_keep_those_beside_it_from_it() {
    let Some(broker) = nats().await else { return };
    let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
    let mut house = House::open(TestServer::sqlite(), &settings).await;
    house.settings.lease = Duration::from_hours(1);
    let producing = house.producing(&house.orders).await;
    let orders = ["a", "b", "c", "bad", "d", "e", "f", "g"];
    for order in orders {
        house.change_one(order, 1).await;
        producing.drain().await.unwrap();
    }
    let (running, inbox) = (Running::default(), allergic(&house));
    house.handling(&house.payments).await.spawn(&running.tasks, &running.stop);
    let listener = house.listener(inbox.clone(), house.ops());
    running.tasks.spawn(listener.run(running.stop.clone()));
    all_are_taken(&house, orders.len()).await;

    inbox.open.add_permits(1);
    until("the others are told", async || house.noted().await.len() == 7).await;
    let (calls, before) = (inbox.calls.lock().await.clone(), house.noted().await);
    inbox.cured.store(true, Ordering::SeqCst);
    house.settled().await;
    running.end().await;

    let refused = calls.iter().position(|call| call.len() > 1 && call.iter().any(|it| it == "bad"));
    let refused = refused.unwrap();
    let alone: Vec<_> = calls[refused].iter().map(|order| vec![order.clone()]).collect();
    assert_eq!(calls[refused + 1..=refused + alone.len()], alone);
    assert!(!before.contains_key("bad"));
    assert_eq!(house.noted_of("bad").await, [1]);
    house.clear().await;
}
