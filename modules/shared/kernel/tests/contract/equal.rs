use std::sync::Arc;
use std::time::Instant;

use conformance::outcomes::{breaks, outcomes, read_and_written};
use conformance::{FakeShelf, LOOK, SEEN, Shelf, ShelfRefusal, call, told};
use kernel::contract::{Problem, StackSettings};
use kernel::{Call, CallError, Executed, Failure, FailureKind};
use serde_json::json;

use crate::over::{layered, remote, served};

/// The same implementation in this process, and behind a transport.
fn placed(shelf: &Arc<FakeShelf>) -> [Arc<dyn Shelf>; 2] {
    let settings = StackSettings::default();
    let local = layered(shelf.clone(), settings);
    let behind = layered(remote(served(layered(shelf.clone(), settings))), settings);
    [local, behind]
}

#[tokio::test(start_paused = true)]
async fn every_outcome_is_the_same_in_every_placement() {
    for outcome in outcomes() {
        let shelf = Arc::new(FakeShelf::default());
        let (read, written) = (outcome.clone(), outcome.clone());
        shelf.look.answer(move |_, _| std::future::ready(read.clone()));
        shelf.add.answer(move |_, _| std::future::ready(written.clone()));

        let [local, behind] = placed(&shelf);

        let expected = told(&outcome);
        assert_eq!(read_and_written(&local, &call()).await, [expected.clone(), expected.clone()]);
        assert_eq!(read_and_written(&behind, &call()).await, [expected.clone(), expected]);
    }
}

#[tokio::test]
async fn a_panic_is_a_failure_in_every_placement() {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(|_, _| async { breaks() });
    shelf.add.answer(|_, _| async { breaks() });

    for placed in placed(&shelf) {
        let [read, written] = read_and_written(&placed, &call()).await;

        assert_eq!(read, "Panicked Unknown None");
        assert_eq!(written, "Panicked Unknown None");
    }
}

#[tokio::test]
async fn a_call_without_time_is_not_begun_in_any_placement() {
    let shelf = Arc::new(FakeShelf::default());
    let late = Call { deadline: Instant::now(), ..call() };

    for placed in placed(&shelf) {
        let [read, written] = read_and_written(&placed, &late).await;

        assert_eq!(read, "Deadline No None");
        assert_eq!(written, "Deadline No None");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_its_deadline_in_every_placement() {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(|_, _| std::future::pending());
    shelf.add.answer(|_, _| std::future::pending());

    for placed in placed(&shelf) {
        let [read, written] = read_and_written(&placed, &call()).await;

        assert_eq!(read, "Deadline Unknown None");
        assert_eq!(written, "Deadline Unknown None");
    }
}

#[tokio::test]
async fn a_callee_never_has_more_time_than_its_caller() {
    let (shelf, outer) = (Arc::new(FakeShelf::default()), call());
    let deadline = outer.deadline;
    shelf.look.answer(move |call, _| async move {
        assert!(call.deadline <= deadline);
        Ok(SEEN)
    });

    for placed in placed(&shelf) {
        let seen = placed.look(&outer.child(outer.caller.clone(), "part"), LOOK).await;

        assert_eq!(seen.unwrap(), SEEN);
    }
}

#[test]
fn a_code_that_this_version_does_not_know_is_a_failure_that_keeps_it() {
    let mut newer = Problem::of(&CallError::Refused(ShelfRefusal::NoBoard));
    newer.refusal = Some(json!({"code": "brand-new", "left": 3}));

    let CallError::Failed(failure) = newer.into_error::<ShelfRefusal>() else { panic!("refused") };

    assert_eq!((failure.kind, failure.executed), (FailureKind::Mismatch, Executed::No));
    assert_eq!(failure.unknown_refusal, Some(json!({"code": "brand-new", "left": 3})));
}

#[test]
fn a_kind_of_failure_that_this_version_does_not_know_is_internal() {
    let sent = Problem::failed(&Failure::unavailable("x").not_executed());
    let newer = serde_json::to_string(&sent).unwrap().replace("unavailable", "brand-new");
    let newer: Problem = serde_json::from_str(&newer).unwrap();

    let failure = newer.failure().unwrap();

    assert_eq!((failure.kind, failure.executed), (FailureKind::Internal, Executed::No));
}

#[test]
fn the_causes_of_a_failure_are_not_sent() {
    let sent = Problem::failed(&Failure::unavailable("secret cause"));

    assert!(!serde_json::to_string(&sent).unwrap().contains("secret cause"));
}

#[tokio::test]
async fn what_is_not_served_or_not_readable_is_a_mismatch_and_not_executed() {
    let served = served(Arc::new(FakeShelf::default())).0;

    for (method, body) in [("steal", &b"{}"[..]), ("watch", b"{}"), ("look", b"{"), ("look", b"{}")]
    {
        let problem = served.call(method, call(), body).await.unwrap_err();

        let failure = problem.failure().unwrap();
        assert_eq!((failure.kind, failure.executed), (FailureKind::Mismatch, Executed::No));
    }
}
