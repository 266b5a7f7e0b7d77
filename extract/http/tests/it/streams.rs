use std::sync::Arc;
use std::time::Duration;

use extract_http::{ChannelSettings, ServeSettings};
use futures_util::{StreamExt as _, stream};
use kernel::contract::CallStream;
use kernel::{CallError, Executed, Failure, FailureKind};
use tokio::sync::mpsc;

use crate::desk::{Desk, Then, once, scripted, told_of};
use crate::shelf::{FakeShelf, LOOK, SEEN, Seen, ShelfRefusal, call};

const HEAD: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

async fn all(stream: CallStream<Seen>) -> Vec<Result<Seen, (FailureKind, Executed)>> {
    let items = stream.map(|item| item.map_err(|failure| (failure.kind, failure.executed)));
    items.collect().await
}

async fn watched(shelf: Arc<FakeShelf>) -> Vec<Result<Seen, (FailureKind, Executed)>> {
    let desk = Desk::open();
    let url = desk.serve(shelf).await;
    all(desk.once(&[url]).watch(&call(), LOOK).await.unwrap()).await
}

#[tokio::test]
async fn a_stream_comes_whole_and_in_order() {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async {
        Ok(CallStream::new(stream::iter((1..=1_000).map(|items| Ok(Seen { items })))))
    });

    let expected: Vec<_> = (1..=1_000).map(|items| Ok(Seen { items })).collect();
    assert_eq!(watched(shelf).await, expected);
}

#[tokio::test]
async fn a_failure_ends_a_stream() {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async {
        let items = [Ok(SEEN), Err(Failure::new(FailureKind::Overloaded)), Ok(SEEN)];
        Ok(CallStream::new(stream::iter(items)))
    });

    let failed = Err((FailureKind::Overloaded, Executed::Unknown));
    assert_eq!(watched(shelf).await, [Ok(SEEN), failed]);
}

#[tokio::test]
async fn a_stream_is_refused_before_it_begins() {
    let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
    shelf.watch.answer(|_, _| async { Err(ShelfRefusal::NoBoard.into()) });
    let url = desk.serve(shelf).await;

    let refused = desk.once(&[url]).watch(&call(), LOOK).await.map(drop);

    assert!(matches!(refused, Err(CallError::Refused(ShelfRefusal::NoBoard))));
}

#[tokio::test]
async fn a_stream_that_is_cut_is_a_failure() {
    let item = "d\r\n{\"item\":{\"ite\r\n8\r\nms\":3}}\n\r\n";
    for end in ["", "0\r\n\r\n", "8\r\n{\"end\":t\r\n0\r\n\r\n"] {
        let answer: &'static str = format!("{HEAD}{item}{end}").leak();
        let shelf = Desk::open().once(&[scripted(answer, Then::Close).await]);

        let items = all(shelf.watch(&call(), LOOK).await.unwrap()).await;

        let cut = Err((FailureKind::Unavailable, Executed::Unknown));
        assert_eq!(items, [Ok(SEEN), cut], "{end}");
    }
}

#[tokio::test]
async fn a_stream_of_which_nothing_is_heard_is_dead() {
    let settings =
        ChannelSettings { silence: Duration::from_millis(50), ..ChannelSettings::default() };
    let url = scripted(HEAD, Then::Hold).await;
    let shelf = once(Desk::open().channel_with(&[url], settings));

    let mut stream = shelf.watch(&call(), LOOK).await.unwrap();

    let failure = stream.next().await.unwrap().unwrap_err();
    assert_eq!(told_of(&failure), "Unavailable Unknown None");
    assert!(failure.chain().contains("silent"), "{}", failure.chain());
}

#[tokio::test]
async fn a_stream_that_says_that_it_is_alive_may_take_its_time() {
    let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
    let (tell, told) = mpsc::unbounded_channel::<Seen>();
    let told = std::sync::Mutex::new(Some(told));
    shelf.watch.answer(move |_, _| {
        let told = told.lock().unwrap().take().unwrap();
        let items = stream::unfold(told, |mut told| async move {
            told.recv().await.map(|seen| (Ok(seen), told))
        });
        std::future::ready(Ok(CallStream::new(items)))
    });
    let heard = ServeSettings { heartbeat: Duration::from_millis(10), ..ServeSettings::default() };
    let url = desk.serve_with(shelf, heard).await;
    let silence = Duration::from_millis(500);
    let settings = ChannelSettings { silence, ..ChannelSettings::default() };
    let shelf = once(desk.channel_with(&[url], settings));

    let mut stream = shelf.watch(&call(), LOOK).await.unwrap();
    let nothing = tokio::time::timeout(2 * silence, stream.next()).await;
    tell.send(SEEN).unwrap();
    drop(tell);

    assert!(nothing.is_err(), "{nothing:?}");
    assert_eq!(all(stream).await, [Ok(SEEN)]);
}

#[tokio::test]
async fn a_stream_ends_when_its_caller_goes_away() {
    let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
    let (held, mut released) = mpsc::channel::<()>(1);
    shelf.watch.answer(move |_, _| {
        let held = held.clone();
        let items = stream::iter([Ok(SEEN)]).chain(stream::pending());
        let items = items.inspect(move |_| {
            let _held = &held;
        });
        std::future::ready(Ok(CallStream::new(items)))
    });
    let slot = shelf.clone();
    let url = desk.serve(shelf).await;
    let mut stream = desk.once(&[url]).watch(&call(), LOOK).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), SEEN);

    // The method lets go of its own sender; the stream's is left.
    slot.watch.answer(|_, _| async { Err(ShelfRefusal::NoBoard.into()) });
    drop(stream);

    assert_eq!(released.recv().await, None);
}
