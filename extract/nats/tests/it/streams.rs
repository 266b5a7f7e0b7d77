use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_nats::Subject;
use conformance::{FakeShelf, LOOK, Seen, call, long_call, once, told_of};
use extract_nats::{ChannelSettings, ServerSettings};
use extract_wire::{CallHead, ServeSettings, issue};
use futures_util::{StreamExt as _, stream};
use kernel::contract::CallStream;
use kernel::{Clock as _, SystemClock};
use tokio::sync::mpsc;

use crate::desk::Desk;
use crate::scripted::{Scripted, headers_of};

const ALIVE: &str = "{\"alive\":true}";
const ITEM: &str = "{\"item\":{\"items\":3}}";
const END: &str = "{\"end\":true}";

/// Sends one stream so, and says what its reader made of it.
async fn read(parts: &[(&str, &'static str)]) -> Option<Vec<String>> {
    let desk = Desk::open().await?;
    let mut callee = Scripted::listen(&desk).await;
    let settings =
        ChannelSettings { silence: Duration::from_millis(300), ..ChannelSettings::default() };
    let shelf = once(desk.channel_with(settings).await);
    let sending = async {
        let to: Subject = callee.call().await.reply.unwrap();
        for (number, body) in parts {
            callee.part(&to, number, body).await;
        }
    };
    let call = call();
    let (stream, ()) = tokio::join!(shelf.watch(&call, LOOK), sending);
    let items = stream.unwrap().map(|item| match item {
        Ok(seen) => format!("{seen:?}"),
        Err(failure) => failure.chain(),
    });
    Some(items.collect().await)
}

#[tokio::test]
async fn a_part_that_is_lost_or_out_of_order_is_a_failure() {
    let whole = [("0", ALIVE), ("1", ITEM), ("1", ALIVE), ("2", ITEM), ("3", END)];
    let Some(items) = read(&whole).await else { return };
    assert_eq!(items, ["Seen { items: 3 }", "Seen { items: 3 }"]);

    for broken in [
        &[("0", ALIVE), ("1", ITEM), ("3", ITEM), ("4", END)][..],
        &[("0", ALIVE), ("1", ITEM), ("1", ITEM), ("2", END)],
        &[("0", ALIVE), ("1", ITEM), ("3", END)],
        &[("0", ALIVE), ("1", ITEM), ("2", ALIVE)],
    ] {
        let items = read(broken).await.unwrap();

        assert_eq!(items.len(), 2, "{items:?}");
        assert!(items[1].contains("of the stream was lost"), "{items:?}");
    }
}

#[tokio::test]
async fn a_stream_that_stops_without_its_end_is_a_failure() {
    let Some(items) = read(&[("0", ALIVE), ("1", ITEM)]).await else { return };

    assert_eq!(items[0], "Seen { items: 3 }");
    assert!(items[1].contains("silent"), "{items:?}");
}

#[tokio::test]
async fn a_reader_that_gives_up_says_so() {
    let Some(desk) = Desk::open().await else { return };
    let mut callee = Scripted::listen(&desk).await;
    let shelf = desk.once().await;
    let sending = async {
        let to: Subject = callee.call().await.reply.unwrap();
        callee.part(&to, "0", ALIVE).await;
        to
    };
    let call = call();
    let (stream, to) = tokio::join!(shelf.watch(&call, LOOK), sending);

    drop(stream.unwrap());
    assert_eq!(callee.told.next().await.unwrap().payload, "{\"cancel\":true}");

    // Whoever did not hear it is told again.
    callee.part(&to, "1", ITEM).await;
    assert_eq!(callee.told.next().await.unwrap().payload, "{\"cancel\":true}");
}

/// A shelf that tells all numbers, and how far it came.
fn endless() -> (Arc<FakeShelf>, Arc<AtomicU32>) {
    let (shelf, told) = (Arc::new(FakeShelf::default()), Arc::new(AtomicU32::new(0)));
    let counted = Arc::clone(&told);
    shelf.watch.answer(move |_, _| {
        let counted = Arc::clone(&counted);
        let items =
            stream::repeat_with(move || Ok(Seen { items: counted.fetch_add(1, Ordering::SeqCst) }));
        std::future::ready(Ok(CallStream::new(items)))
    });
    (shelf, told)
}

#[tokio::test]
async fn a_stream_sends_no_more_than_its_reader_takes() {
    let Some(desk) = Desk::open().await else { return };
    let (shelf, told) = endless();
    let heard = ServeSettings { heartbeat: Duration::from_millis(20), ..ServeSettings::default() };
    let serving = desk.desk.serving(shelf, heard);
    let _server = desk.serve_with(serving, ServerSettings::default()).await;
    let settings = ChannelSettings { window: 16, ..ChannelSettings::default() };
    let mut stream = once(desk.channel_with(settings).await).watch(&call(), LOOK).await.unwrap();

    testkit::until("all was sent that may be", async || told.load(Ordering::SeqCst) >= 16).await;
    for expected in 0..1_000 {
        assert_eq!(stream.next().await.unwrap().unwrap().items, expected);
        let (told, most) = (told.load(Ordering::SeqCst), expected + 1 + 16);
        assert!(told <= most, "{told} were sent of which {} were read", expected + 1);
    }
}

#[tokio::test]
async fn a_stream_whose_reader_died_ends() {
    let Some(desk) = Desk::open().await else { return };
    let shelf = Arc::new(FakeShelf::default());
    let (open, mut opened) = mpsc::unbounded_channel();
    shelf.watch.answer(move |_, _| {
        let (held, ended) = mpsc::channel::<()>(1);
        open.send(ended).unwrap();
        let items = stream::pending().inspect(move |_: &Result<Seen, kernel::Failure>| {
            let _held = &held;
        });
        std::future::ready(Ok(CallStream::new(items)))
    });
    let _server = desk.serve(shelf).await;
    let (head, body) = (CallHead::of(&long_call()).unwrap(), &b"{\"board\":1}"[..]);
    let target = ("shelf.v1", "watch");
    let token = issue(&desk.desk.keys, target, &head, body, SystemClock.now()).unwrap();
    let headers = headers_of(&head, &token);
    let client = desk.client().await;
    let subject = format!("{}.rpc.shelf.v1.watch", desk.settings.prefix);

    // Nobody listens where it is to be answered.
    let (nowhere, body) = (client.new_inbox(), bytes::Bytes::from_static(body));
    client.publish_with_reply_and_headers(subject, nowhere, headers, body).await.unwrap();

    let mut ended = opened.recv().await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(30), ended.recv()).await;
    assert_eq!(ended, Ok(None));
}

#[tokio::test]
async fn a_stream_that_its_reader_does_not_take_ends_at_the_deadline() {
    let Some(desk) = Desk::open().await else { return };
    let _server = desk.serve(endless().0).await;
    let settings = ChannelSettings { window: 2, ..ChannelSettings::default() };
    let shelf = once(desk.channel_with(settings).await);
    let deadline = std::time::Instant::now() + Duration::from_millis(300);
    let mut stream = shelf.watch(&kernel::Call { deadline, ..call() }, LOOK).await.unwrap();

    tokio::time::timeout_at(deadline.into(), std::future::pending::<()>()).await.unwrap_err();

    let mut last = stream.next().await.unwrap();
    while last.is_ok() {
        last = stream.next().await.unwrap();
    }
    assert_eq!(told_of(&last.unwrap_err()), "Deadline Unknown None");
}
