use std::sync::Arc;
use std::time::{Duration, Instant};

use conformance::{FakeShelf, LOOK, PUT, SEEN, call, once, told, told_of};
use extract_nats::{ChannelSettings, NatsSettings, Server, ServerSettings, connect};
use extract_wire::ServeSettings;
use futures_util::{StreamExt as _, stream};
use kernel::contract::CallStream;
use tokio::sync::Notify;

use crate::desk::{Desk, channel_over};

fn answering() -> Arc<FakeShelf> {
    let shelf = Arc::new(FakeShelf::default());
    shelf.add.answer(|_, _| std::future::ready(Ok(SEEN)));
    shelf
}

#[tokio::test]
async fn processes_start_while_the_broker_is_down_and_find_it_when_it_comes() {
    let Some(mut broker) = testkit::own_nats().await else { return };
    broker.stop();
    let desk = Desk::on(NatsSettings::at(broker.url.clone()));
    let [theirs, ours] =
        [connect(&desk.settings).await.unwrap(), connect(&desk.settings).await.unwrap()];
    let serving = Arc::new(desk.desk.serving(answering(), ServeSettings::default()));
    let server = Server::start(&theirs, serving, ServerSettings::default()).await.unwrap();
    let shelf = once(channel_over(&ours, &desk.desk, ChannelSettings::default()).await);

    let began = Instant::now();
    assert_eq!(told(&shelf.add(&call(), PUT).await), "Unavailable No None");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());

    broker.start().await;
    server.ready().await;
    testkit::until("connected", async || ours.is_up()).await;
    assert_eq!(told(&shelf.add(&call(), PUT).await), "Seen { items: 3 }");
}

/// A shelf whose calls and streams begin and do not end.
fn endless() -> (Arc<FakeShelf>, Arc<Notify>) {
    let (shelf, put_began) = (Arc::new(FakeShelf::default()), Arc::new(Notify::new()));
    let tell = Arc::clone(&put_began);
    shelf.put.answer(move |_, _| {
        tell.notify_one();
        std::future::pending()
    });
    shelf.add.answer(|_, _| std::future::ready(Ok(SEEN)));
    shelf.watch.answer(|_, _| async {
        Ok(CallStream::new(stream::iter([Ok(SEEN)]).chain(stream::pending())))
    });
    (shelf, put_began)
}

#[tokio::test]
async fn a_broker_that_dies_fails_what_is_under_way_at_once_and_all_heals_when_it_is_back() {
    let Some(mut broker) = testkit::own_nats().await else { return };
    let desk = Desk::on(NatsSettings::at(broker.url.clone()));
    let (endless, put_began) = endless();
    let server = desk.serve(endless).await;
    let caller = desk.connect().await;
    let shelf = once(channel_over(&caller, &desk.desk, ChannelSettings::default()).await);
    let mut stream = shelf.watch(&call(), LOOK).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), SEEN);
    let putting = Arc::clone(&shelf);
    let put = tokio::spawn(async move { told(&putting.put(&call(), PUT).await) });
    put_began.notified().await;

    let began = Instant::now();
    broker.stop();

    assert_eq!(put.await.unwrap(), "Unavailable Unknown None");
    let failure = stream.next().await.unwrap().unwrap_err();
    assert_eq!(told_of(&failure), "Unavailable Unknown None");
    assert!(stream.next().await.is_none());
    testkit::until("the loss is known", async || !caller.is_up()).await;
    assert_eq!(told(&shelf.add(&call(), PUT).await), "Unavailable No None");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());

    broker.start().await;
    testkit::until("connected", async || caller.is_up()).await;
    server.ready().await;
    assert_eq!(told(&shelf.add(&call(), PUT).await), "Seen { items: 3 }");
}

#[tokio::test]
async fn a_server_stops_although_the_broker_is_down() {
    let Some(mut broker) = testkit::own_nats().await else { return };
    let desk = Desk::on(NatsSettings::at(broker.url.clone()));
    let server = desk.serve(answering()).await;

    broker.stop();

    let stopped = tokio::time::timeout(Duration::from_secs(20), server.stop()).await;
    assert!(stopped.is_ok());
}
