//! A stream comes whole, or says that it did not.

use std::sync::Arc;
use std::time::Duration;

use extract_wire::ServeSettings;
use futures_util::{StreamExt as _, stream};
use kernel::contract::CallStream;
use kernel::{CallError, Executed, Failure, FailureKind};
use tokio::sync::mpsc;

use crate::{
    Callee, Desk, FakeShelf, LOOK, Patience, SEEN, Seen, ShelfRefusal, Way, call, long_call,
    told_of,
};

async fn all(stream: CallStream<Seen>) -> Vec<Result<Seen, (FailureKind, Executed)>> {
    let items = stream.map(|item| item.map_err(|failure| (failure.kind, failure.executed)));
    items.collect().await
}

async fn watched(
    way: &impl Way,
    shelf: Arc<FakeShelf>,
) -> Vec<Result<Seen, (FailureKind, Executed)>> {
    let callee = Desk::open().serve(way, shelf).await;
    all(callee.shelf.watch(&call(), LOOK).await.unwrap()).await
}

/// All of it, as it was sent.
pub async fn a_stream_comes_whole_and_in_order(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async {
        Ok(CallStream::new(stream::iter((1..=1_000).map(|items| Ok(Seen { items })))))
    });

    let expected: Vec<_> = (1..=1_000).map(|items| Ok(Seen { items })).collect();
    assert_eq!(watched(&way, shelf).await, expected);
}

/// None of it, if there is nothing.
pub async fn a_stream_may_be_empty(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async { Ok(CallStream::new(stream::empty())) });

    assert_eq!(watched(&way, shelf).await, []);
}

/// What came before is kept, and nothing follows.
pub async fn a_failure_ends_a_stream(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async {
        let items = [Ok(SEEN), Err(Failure::new(FailureKind::Overloaded)), Ok(SEEN)];
        Ok(CallStream::new(stream::iter(items)))
    });

    let failed = Err((FailureKind::Overloaded, Executed::Unknown));
    assert_eq!(watched(&way, shelf).await, [Ok(SEEN), failed]);
}

/// A refusal comes instead of it.
pub async fn a_stream_is_refused_before_it_begins(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async { Err(ShelfRefusal::NoBoard.into()) });
    let callee = Desk::open().serve(&way, shelf).await;

    let refused = callee.shelf.watch(&call(), LOOK).await.map(drop);

    assert!(matches!(refused, Err(CallError::Refused(ShelfRefusal::NoBoard))));
}

/// Its callee may be gone.
pub async fn a_stream_of_which_nothing_is_heard_is_dead(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async { Ok(CallStream::new(stream::pending())) });
    let mute = ServeSettings { heartbeat: Duration::from_hours(1), ..ServeSettings::default() };
    let patience = Patience { silence: Duration::from_millis(200), ..Patience::default() };
    let callee = Desk::open().serve_with(&way, shelf, (mute, patience)).await;

    let mut stream = callee.shelf.watch(&call(), LOOK).await.unwrap();

    let failure = stream.next().await.unwrap().unwrap_err();
    assert_eq!(told_of(&failure), "Unavailable Unknown None");
    assert!(failure.chain().contains("silent"), "{}", failure.chain());
}

/// A shelf that tells what it is told to.
async fn told_when(
    way: &impl Way,
    settings: (ServeSettings, Patience),
) -> (Callee, mpsc::UnboundedSender<Seen>) {
    let shelf = Arc::new(FakeShelf::default());
    let (tell, told) = mpsc::unbounded_channel::<Seen>();
    let told = std::sync::Mutex::new(Some(told));
    shelf.watch.answer(move |_, _| {
        let told = told.lock().unwrap().take().unwrap();
        let items = stream::unfold(told, |mut told| async move {
            told.recv().await.map(|seen| (Ok(seen), told))
        });
        std::future::ready(Ok(CallStream::new(items)))
    });
    (Desk::open().serve_with(way, shelf, settings).await, tell)
}

/// Silence is none while the callee is heard of.
pub async fn a_stream_that_says_that_it_is_alive_may_take_its_time(way: impl Way) {
    let heard = ServeSettings { heartbeat: Duration::from_millis(10), ..ServeSettings::default() };
    let silence = Duration::from_millis(500);
    let patience = Patience { silence, ..Patience::default() };
    let (callee, tell) = told_when(&way, (heard, patience)).await;

    let mut stream = callee.shelf.watch(&call(), LOOK).await.unwrap();
    let nothing = tokio::time::timeout(2 * silence, stream.next()).await;
    tell.send(SEEN).unwrap();
    drop(tell);

    assert!(nothing.is_err(), "{nothing:?}");
    assert_eq!(all(stream).await, [Ok(SEEN)]);
}

/// It is a read.
pub async fn a_stream_ends_when_its_caller_goes_away(way: impl Way) {
    let (callee, tell) = told_when(&way, Default::default()).await;
    let mut stream = callee.shelf.watch(&long_call(), LOOK).await.unwrap();
    tell.send(SEEN).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), SEEN);

    drop(stream);

    let ended = tokio::time::timeout(Duration::from_secs(30), tell.closed()).await;
    ended.expect("it goes on");
}
