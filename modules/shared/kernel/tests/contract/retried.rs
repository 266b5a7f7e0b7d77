use std::sync::Arc;
use std::sync::atomic::Ordering;

use kernel::contract::{Contract, Peer};
use kernel::{CallError, Failure, FailureKind};

use crate::over::{Failing, served};
use conformance::{FakeShelf, InMemory, LOOK, PUT, SEEN, Seen, Shelf, ShelfRefusal, call};

fn answering() -> InMemory {
    let shelf = FakeShelf::default();
    shelf.look.answer(|_, _| async { Ok(SEEN) });
    shelf.put.answer(|_, _| async { Ok(SEEN) });
    shelf.add.answer(|_, _| async { Ok(SEEN) });
    served(Arc::new(shelf))
}

fn over(channel: &Arc<Failing<InMemory>>) -> Arc<dyn Shelf> {
    <dyn Shelf>::remote(Peer::new(channel.clone()))
}

/// What each of the three effects made of a first attempt that failed so, and how many attempts it took.
async fn after(failure: Failure) -> [(bool, u32); 3] {
    let mut outcomes = Vec::new();
    for method in 0..3 {
        let channel = Failing::first(1, failure.clone(), answering());
        let (shelf, call) = (over(&channel), call());
        let outcome: Result<Seen, CallError<ShelfRefusal>> = match method {
            0 => shelf.look(&call, LOOK).await,
            1 => shelf.put(&call, PUT).await,
            _ => shelf.add(&call, PUT).await,
        };
        assert_eq!(channel.last_attempt.load(Ordering::SeqCst), channel.made());
        outcomes.push((outcome.is_ok(), channel.made()));
    }
    outcomes.try_into().unwrap()
}

#[tokio::test(start_paused = true)]
async fn reads_and_keyed_writes_are_tried_again_and_others_are_not() {
    let lost = after(Failure::unavailable("the answer was lost")).await;

    assert_eq!(lost, [(true, 2), (true, 2), (false, 1)]);
}

#[tokio::test(start_paused = true)]
async fn what_was_certainly_not_executed_is_always_tried_again() {
    let refused = after(Failure::unavailable("nobody listens").not_executed()).await;

    assert_eq!(refused, [(true, 2), (true, 2), (true, 2)]);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_pass_is_not_tried_again() {
    for kind in [
        FailureKind::Denied,
        FailureKind::Mismatch,
        FailureKind::TooLarge,
        FailureKind::Panicked,
        FailureKind::Internal,
    ] {
        let outcomes = after(Failure::new(kind).not_executed()).await;

        assert_eq!(outcomes, [(false, 1), (false, 1), (false, 1)], "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_more_than_four_times_or_past_the_deadline() {
    let down = Failing::first(u32::MAX, Failure::unavailable("down"), answering());
    assert!(over(&down).look(&call(), LOOK).await.is_err());
    assert_eq!(down.made(), 4);

    let patient = Failure::unavailable("down").retry_after(std::time::Duration::from_mins(1));
    let down = Failing::first(u32::MAX, patient, answering());
    assert!(over(&down).look(&call(), LOOK).await.is_err());
    assert_eq!(down.made(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_down_gets_a_tenth_more_attempts_than_calls() {
    let down = Failing::first(u32::MAX, Failure::unavailable("down"), answering());
    let shelf = over(&down);

    for _ in 0..1_000 {
        assert!(shelf.look(&call(), LOOK).await.is_err());
    }

    assert!((1_100..=1_110).contains(&down.made()), "{}", down.made());
}
