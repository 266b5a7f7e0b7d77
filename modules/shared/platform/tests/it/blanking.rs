use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kernel::Event as _;
use platform::ops::{DeliveryState, GetDelivery, Ops as _, Replay, Unsubscribe};
use platform::{Database, Neighbour, Sql as _, Subscriber, UnitOfWork, params};
use testkit::on_each_server;

use crate::shop::{Mood, NOTE, Noting, OrderChanged, SUBSCRIPTIONS, Shop, call, changed};

const MAIL: &str = "notifications.mail-order-changed";
const INSTANT: Duration = Duration::from_micros(1);

fn of_ada(order: &str, number: i64) -> OrderChanged {
    OrderChanged { personal: Some("Ada Lovelace".to_owned()), ..changed(order, number) }
}

/// How many events in that table tell of her.
async fn telling(database: &Database, table: &str) -> i64 {
    let count = format!("SELECT COUNT(*) FROM {table} WHERE data LIKE '%Ada%'");
    database.number(&count, vec![]).await.unwrap()
}

/// A subscription whose module never runs.
async fn subscribe_mail(shop: &Shop) {
    let uow = UnitOfWork::begin(&shop.orders, kernel::Clock::now(&*shop.clock)).await.unwrap();
    let insert =
        "INSERT INTO subscription (name, event, generation, recorded_at) VALUES ($1, $2, 1, 0)";
    uow.run(insert, params![MAIL, OrderChanged::NAME]).await.unwrap();
    uow.commit().await.unwrap();
}

async fn unsubscribe_mail(shop: &Shop) {
    let request = Unsubscribe { subscription: MAIL.to_owned() };
    shop.ops(&shop.orders).unsubscribe(&call(), request).await.unwrap();
}

async fn replay(shop: &Shop) {
    let request = Replay { subscription: NOTE.to_owned(), from: None };
    shop.ops(&shop.orders).replay(&call(), request).await.unwrap();
}

/// Handles well, and counts the events that tell of a person.
fn counting() -> (Noting, Arc<AtomicUsize>) {
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    let noting = Noting(Box::new(move |event| {
        counted.fetch_add(usize::from(event.personal.is_some()), Ordering::Relaxed);
        Mood::Well
    }));
    (noting, seen)
}

#[tokio::test]
async fn personal_data_goes_when_its_time_is_over_after_everybody_was_told() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let (noting, seen) = counting();
        let events = shop.start(noting).await;
        let time = shop.settings.personal_retention;
        shop.publish(&of_ada("a", 1)).await;
        shop.clock.advance(time * 2);
        events.sweep().await.unwrap();
        let untold = telling(&shop.orders, "outbox").await;

        shop.settle(&events).await;
        events.sweep().await.unwrap();
        shop.clock.advance(time);
        events.sweep().await.unwrap();
        let in_time = telling(&shop.orders, "outbox").await;
        shop.clock.advance(INSTANT);
        events.sweep().await.unwrap();
        let over = telling(&shop.orders, "outbox").await;
        replay(&shop).await;
        shop.settle(&events).await;

        assert_eq!((untold, in_time, over), (1, 1, 0));
        assert_eq!(shop.noted_of("a").await, [1, 1]);
        assert_eq!(seen.load(Ordering::Relaxed), 1);
    })
    .await;
}

#[tokio::test]
async fn one_subscription_that_was_not_told_keeps_it_until_it_is_ended() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        let time = shop.settings.personal_retention + INSTANT;
        subscribe_mail(&shop).await;
        shop.publish(&of_ada("a", 1)).await;
        events.drain().await.unwrap();

        for _ in 0..2 {
            events.sweep().await.unwrap();
            shop.clock.advance(time);
        }
        events.sweep().await.unwrap();
        let waited_for = telling(&shop.orders, "outbox").await;
        unsubscribe_mail(&shop).await;
        events.sweep().await.unwrap();
        let ended = telling(&shop.orders, "outbox").await;
        shop.clock.advance(time);
        events.sweep().await.unwrap();

        assert_eq!((waited_for, ended), (1, 1));
        assert_eq!(telling(&shop.orders, "outbox").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_subscribed_to_is_blanked_like_what_was_told() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let off = Neighbour { subscriptions: SUBSCRIPTIONS, subscriber: Subscriber::Off };
        let events = shop.produce_for(off).await;
        shop.publish(&of_ada("a", 1)).await;

        events.sweep().await.unwrap();
        shop.clock.advance(shop.settings.personal_retention + INSTANT);
        let before = telling(&shop.orders, "outbox").await;
        events.sweep().await.unwrap();

        assert_eq!((before, telling(&shop.orders, "outbox").await), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn a_long_backlog_of_one_subscription_keeps_nothing_else() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        subscribe_mail(&shop).await;
        let uow = UnitOfWork::begin(&shop.orders, kernel::Clock::now(&*shop.clock)).await.unwrap();
        for number in 1..=1_001 {
            uow.publish(&of_ada("waits", number)).await.unwrap();
        }
        uow.commit().await.unwrap();
        let forget =
            UnitOfWork::begin(&shop.orders, kernel::Clock::now(&*shop.clock)).await.unwrap();
        forget.run("DELETE FROM subscription WHERE name = $1", params![MAIL]).await.unwrap();
        forget.commit().await.unwrap();
        shop.publish(&of_ada("told", 1)).await;
        events.drain().await.unwrap();

        events.sweep().await.unwrap();
        shop.clock.advance(shop.settings.personal_retention + INSTANT);
        events.sweep().await.unwrap();

        assert_eq!(telling(&shop.orders, "outbox").await, 1_001);
    })
    .await;
}

#[tokio::test]
async fn what_is_told_again_before_its_time_is_told_whole() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let (noting, seen) = counting();
        let events = shop.start(noting).await;
        let time = shop.settings.personal_retention + INSTANT;
        shop.publish(&of_ada("a", 1)).await;
        shop.settle(&events).await;
        events.sweep().await.unwrap();

        replay(&shop).await;
        shop.clock.advance(time);
        events.sweep().await.unwrap();
        shop.settle(&events).await;
        events.sweep().await.unwrap();
        let told_again = telling(&shop.orders, "outbox").await;
        shop.clock.advance(time);
        events.sweep().await.unwrap();

        assert_eq!((seen.load(Ordering::Relaxed), told_again), (2, 1));
        assert_eq!(telling(&shop.orders, "outbox").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_inbox_blanks_what_was_handled_or_skipped_and_keeps_what_is_parked() {
    on_each_server(async |server| {
        let mut shop = Shop::open(server).await;
        shop.settings.inbox_retention = shop.settings.personal_retention * 10;
        let time = shop.settings.personal_retention;
        let fails =
            |event: &OrderChanged| if event.order == "well" { Mood::Well } else { Mood::Fails };
        let events = shop.start(Noting(Box::new(fails))).await;
        for order in ["well", "skipped", "parked"] {
            shop.publish(&of_ada(order, 1)).await;
        }
        shop.settle(&events).await;
        let parked = shop.deliveries(DeliveryState::Parked).await;
        let skipped = parked.iter().find(|delivery| delivery.key == "skipped").unwrap();
        let request = GetDelivery { delivery: skipped.id };
        shop.ops(&shop.payments).skip(&call(), request).await.unwrap();
        let kept = "SELECT COUNT(*) FROM inbox";

        shop.clock.advance(time.saturating_sub(Duration::from_mins(30)));
        events.sweep().await.unwrap();
        let in_time = telling(&shop.payments, "inbox").await;
        shop.clock.advance(Duration::from_mins(30) + INSTANT);
        events.sweep().await.unwrap();
        let over = telling(&shop.payments, "inbox").await;
        let cured = shop.start(Noting::well()).await;
        let request =
            GetDelivery { delivery: parked.iter().find(|it| it.key == "parked").unwrap().id };
        shop.ops(&shop.payments).retry(&call(), request).await.unwrap();
        shop.settle(&cured).await;

        assert_eq!((in_time, over), (3, 1));
        assert_eq!(shop.payments.number(kept, vec![]).await.unwrap(), 3);
        assert_eq!(shop.noted_of("parked").await, [1]);
    })
    .await;
}
