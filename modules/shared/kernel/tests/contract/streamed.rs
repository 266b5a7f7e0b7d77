use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use kernel::contract::{Attempt, CallStream, Channel, Frame, Frames, StackSettings, Unanswered};
use kernel::{CallError, Failure, FailureKind, async_trait};

use crate::over::{layered, remote, served};
use conformance::{FakeShelf, LOOK, SEEN, Seen, Shelf, ShelfRefusal, call};

fn placed(shelf: &Arc<FakeShelf>) -> [Arc<dyn Shelf>; 2] {
    let settings = StackSettings::default();
    [layered(shelf.clone(), settings), layered(remote(served(shelf.clone())), settings)]
}

async fn all(stream: CallStream<Seen>) -> Vec<Result<Seen, FailureKind>> {
    stream.map(|item| item.map_err(|failure| failure.kind)).collect().await
}

#[tokio::test]
async fn a_stream_comes_whole_and_in_order_in_every_placement() {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async {
        Ok(CallStream::new(stream::iter((1..=3).map(|items| Ok(Seen { items })))))
    });

    for placed in placed(&shelf) {
        let stream = placed.watch(&call(), LOOK).await.unwrap();

        assert_eq!(all(stream).await, [1, 2, 3].map(|items| Ok(Seen { items })));
    }
}

#[tokio::test]
async fn a_stream_is_refused_before_it_begins() {
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async { Err(ShelfRefusal::NoBoard.into()) });

    for placed in placed(&shelf) {
        let refused = placed.watch(&call(), LOOK).await.map(drop);

        assert!(matches!(refused, Err(CallError::Refused(ShelfRefusal::NoBoard))));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_or_the_deadline_ends_a_stream_in_every_placement() {
    let shelf = Arc::new(FakeShelf::default());

    for placed in placed(&shelf) {
        shelf.watch.answer(|_, _| async {
            let items = [Ok(SEEN), Err(Failure::internal("broken")), Ok(SEEN)];
            Ok(CallStream::new(stream::iter(items)))
        });
        let broken = placed.watch(&call(), LOOK).await.unwrap();
        assert_eq!(all(broken).await, [Ok(SEEN), Err(FailureKind::Internal)]);

        shelf.watch.answer(|_, _| async {
            Ok(CallStream::new(stream::iter([Ok(SEEN)]).chain(stream::pending())))
        });
        let late = placed.watch(&call(), LOOK).await.unwrap();
        assert_eq!(all(late).await, [Ok(SEEN), Err(FailureKind::Deadline)]);
    }
}

/// A transport that is cut before the end.
struct Cut;

#[async_trait]
impl Channel for Cut {
    async fn call(&self, _: Attempt<'_>) -> Result<Bytes, Unanswered> {
        Err(Failure::unavailable("cut").into())
    }

    async fn open(&self, _: Attempt<'_>) -> Result<Frames, Unanswered> {
        Ok(stream::iter([Ok(Frame::Item(Bytes::from_static(b"{\"items\":3}")))]).boxed())
    }
}

#[tokio::test]
async fn a_stream_that_stops_without_its_end_is_a_failure() {
    let stream = remote(Cut).watch(&call(), LOOK).await.unwrap();

    assert_eq!(all(stream).await, [Ok(SEEN), Err(FailureKind::Unavailable)]);
}
