use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kernel::Failure;
use platform::{Database, Inbox, Offered, Relay, Taken, local_inbox};
use testkit::{TestServer, cut_off, on_each_server};
use tokio::sync::Mutex;

use crate::shop::{NOTE, Noting, Shop};

/// An inbox that fails when it is told to, before it stored or after.
struct Failing {
    inbox: Arc<dyn Inbox>,
    before: AtomicBool,
    after: AtomicBool,
}

#[async_trait]
impl Inbox for Failing {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        if self.before.swap(false, Ordering::SeqCst) {
            return Err(Failure::unavailable("cut off before it was stored"));
        }
        let taken = self.inbox.store(offers).await?;
        if self.after.swap(false, Ordering::SeqCst) {
            return Err(Failure::unavailable("cut off after it was stored"));
        }
        Ok(taken)
    }
}

/// An inbox that keeps what it is offered to itself, and never says that it stored it.
#[derive(Default)]
struct Stalling(Mutex<Vec<Offered>>);

#[async_trait]
impl Inbox for Stalling {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        self.0.lock().await.extend(offers.iter().cloned());
        std::future::pending().await
    }
}

fn relay(shop: &Shop, orders: &Database, inbox: Arc<dyn Inbox>) -> Relay {
    Relay::new(orders.clone(), shop.clock.clone(), shop.settings.clone(), NOTE, inbox)
}

#[tokio::test]
async fn an_inbox_that_fails_before_or_after_storing_loses_and_doubles_nothing() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        let inbox = local_inbox(shop.payments.clone(), shop.clock.clone());
        let failing = Arc::new(Failing {
            inbox,
            before: AtomicBool::new(true),
            after: AtomicBool::new(true),
        });
        let relay = relay(&shop, &shop.orders, failing);
        shop.change("a", 1).await;

        relay.step().await.unwrap_err();
        shop.change("a", 2).await;
        relay.step().await.unwrap_err();
        events.drain().await.unwrap();
        shop.change("a", 3).await;
        let told = relay.step().await.unwrap();
        shop.settle(&events).await;

        assert_eq!(told, 1);
        assert_eq!(shop.noted_of("a").await, [1, 2, 3]);
    })
    .await;
}

#[tokio::test]
async fn work_that_is_cut_off_at_any_point_loses_and_doubles_nothing() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;

        // On a busy machine some answers are there before they are waited for, so one sweep over all points has fewer of them.
        let (mut number, mut polls, mut cuts) = (0, 0, 0);
        loop {
            (number, polls) = (number + 1, polls + 1);
            shop.change("a", number).await;
            shop.change("b", number).await;
            let finished = cut_off(events.drain(), polls).await.is_some();
            // What was claimed by who is gone is free again.
            shop.clock.advance(shop.settings.lease + Duration::from_secs(61));
            shop.settle(&events).await;
            if !finished {
                cuts += 1;
                continue;
            }
            assert!(polls > 1, "nothing is ever cut off");
            polls = 0;
            if cuts > 10 {
                break;
            }
        }

        let all: Vec<i64> = (1..=number).collect();
        assert_eq!(shop.noted_of("a").await, all);
        assert_eq!(shop.noted_of("b").await, all);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_claimed_is_nobody_elses_until_the_claim_is_over() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        let stalling = Arc::new(Stalling::default());
        let stalled = relay(&shop, &shop.orders, stalling.clone());
        shop.change("a", 1).await;
        cut_off_when_stalled(&stalled, &stalling).await;

        shop.change("a", 2).await;
        shop.change("b", 1).await;
        events.drain().await.unwrap();
        let while_claimed = (shop.noted_of("a").await, shop.noted_of("b").await);
        shop.clock.advance(shop.settings.lease + Duration::from_secs(1));
        events.drain().await.unwrap();
        let afterwards = shop.noted_of("a").await;
        let late = std::mem::take(&mut *stalling.0.lock().await);
        local_inbox(shop.payments.clone(), shop.clock.clone()).store(&late).await.unwrap();
        shop.change("a", 3).await;
        shop.settle(&events).await;

        assert_eq!(while_claimed, (vec![], vec![1]));
        assert_eq!(afterwards, [1, 2]);
        assert_eq!(late.len(), 1);
        assert_eq!(shop.noted_of("a").await, [1, 2, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_process_that_starts_alone_does_not_wait_for_the_claims_of_its_last_run() {
    let shop = Shop::open(TestServer::sqlite()).await;
    drop(shop.start(Noting::well()).await);
    let stalling = Arc::new(Stalling::default());
    shop.change("a", 1).await;
    cut_off_when_stalled(&relay(&shop, &shop.orders, stalling.clone()), &stalling).await;

    let restarted = shop.start(Noting::well()).await;
    restarted.drain().await.unwrap();

    assert_eq!(shop.noted_of("a").await, [1]);
}

async fn cut_off_when_stalled(relay: &Relay, stalling: &Stalling) {
    let offered = testkit::until("it was offered", async || !stalling.0.lock().await.is_empty());
    tokio::select! {
        step = relay.step() => panic!("{step:?}"),
        () = offered => {}
    }
}

#[tokio::test]
async fn one_batch_of_a_key_is_stored_before_the_next_is_offered() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        let uow = platform::UnitOfWork::begin(&shop.orders, kernel::Clock::now(&*shop.clock))
            .await
            .unwrap();
        for number in 1..=1_100 {
            uow.publish(&crate::shop::changed("a", number)).await.unwrap();
        }
        uow.commit().await.unwrap();
        let stalling = Arc::new(Stalling::default());
        let stalled = relay(&shop, &shop.orders, stalling.clone());

        cut_off_when_stalled(&stalled, &stalling).await;
        let first = std::mem::take(&mut *stalling.0.lock().await);
        let second = relay(&shop, &shop.orders, stalling.clone()).step().await.unwrap();
        shop.clock.advance(shop.settings.lease);
        shop.settle(&events).await;

        let sequences: Vec<u64> = first.iter().map(|offer| offer.envelope.sequence).collect();
        assert_eq!(sequences, (1..=sequences.len() as u64).collect::<Vec<_>>());
        assert_eq!(second, 0);
        assert_eq!(shop.noted_of("a").await, (1..=1_100).collect::<Vec<_>>());
    })
    .await;
}
