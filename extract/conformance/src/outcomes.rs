//! Whatever a call comes to is the same on every way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::{Call, CallError, Failure, FailureKind, IdempotencyKey};

use crate::{
    Callee, Desk, FakeShelf, LOOK, PUT, SEEN, Seen, Shelf, ShelfRefusal, Way, call, layered, told,
};

/// What a method of the shelf comes to.
pub type Outcome = Result<Seen, CallError<ShelfRefusal>>;

/// Panics, as a method must not.
pub fn breaks() -> Outcome {
    panic!("as it must")
}

/// All that a method can answer.
pub fn outcomes() -> Vec<Outcome> {
    let busy = Failure::new(FailureKind::Overloaded).retry_after(Duration::from_mins(1));
    let mut all = vec![
        Ok(SEEN),
        Err(CallError::Refused(ShelfRefusal::NoBoard)),
        Err(CallError::Refused(ShelfRefusal::Full { left: 2 })),
        Err(busy.into()),
    ];
    for kind in FailureKind::ALL {
        all.push(Err(Failure::new(kind).into()));
        all.push(Err(Failure::new(kind).not_executed().into()));
    }
    all
}

/// The same implementation in this process and in another.
async fn placed(way: &impl Way, shelf: &Arc<FakeShelf>) -> ([Arc<dyn Shelf>; 2], Callee) {
    let callee = Desk::open().serve(way, layered(shelf.clone())).await;
    ([layered(shelf.clone()), layered(callee.shelf.clone())], callee)
}

/// What a read and a write come to.
pub async fn read_and_written(shelf: &Arc<dyn Shelf>, call: &Call) -> [String; 2] {
    [told(&shelf.look(call, LOOK).await), told(&shelf.add(call, PUT).await)]
}

/// Refusals, failures and answers arrive as they were given.
pub async fn every_outcome_is_the_same(way: impl Way) {
    for outcome in outcomes() {
        let shelf = Arc::new(FakeShelf::default());
        let (read, written) = (outcome.clone(), outcome.clone());
        shelf.look.answer(move |_, _| std::future::ready(read.clone()));
        shelf.add.answer(move |_, _| std::future::ready(written.clone()));

        let (placed, _callee) = placed(&way, &shelf).await;

        for placed in placed {
            let expected = told(&outcome);
            let seen = read_and_written(&placed, &call()).await;
            assert_eq!(seen, [expected.clone(), expected]);
        }
    }
}

/// A method that panics fails.
pub async fn a_panic_is_a_failure_whose_effect_is_not_known(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(|_, _| async { breaks() });
    shelf.add.answer(|_, _| async { breaks() });

    let (placed, _callee) = placed(&way, &shelf).await;

    for placed in placed {
        let panicked = "Panicked Unknown None".to_owned();
        assert_eq!(read_and_written(&placed, &call()).await, [panicked.clone(), panicked]);
    }
}

/// Nobody waits longer than the deadline.
pub async fn a_call_ends_at_its_deadline_and_without_time_is_not_begun(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(|_, _| std::future::pending());
    shelf.add.answer(|_, _| std::future::pending());

    let (placed, _callee) = placed(&way, &shelf).await;

    for placed in placed {
        let soon = || Call { deadline: Instant::now() + Duration::from_millis(300), ..call() };
        let [read, written] =
            [told(&placed.look(&soon(), LOOK).await), told(&placed.add(&soon(), PUT).await)];
        assert_eq!([&read[..], &written], ["Deadline Unknown None"; 2]);

        let late = Call { deadline: Instant::now(), ..call() };
        let [read, written] = read_and_written(&placed, &late).await;
        assert_eq!([&read[..], &written], ["Deadline No None"; 2]);
    }
}

/// The context arrives, and time shrinks on the way.
pub async fn a_callee_knows_the_context_and_has_no_more_time_than_its_caller(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    let outer = call().keyed(IdempotencyKey::parse("order-1").unwrap());
    let expected = outer.clone();
    shelf.look.answer(move |call, _| {
        assert!(call.remaining() <= Duration::from_secs(5));
        assert!(call.remaining() > Duration::from_secs(1));
        assert_eq!((&call.principal, &call.caller), (&expected.principal, &expected.caller));
        assert_eq!((&call.key, call.trace), (&expected.key, expected.trace));
        std::future::ready(Ok(SEEN))
    });

    let (placed, _callee) = placed(&way, &shelf).await;

    for placed in placed {
        assert_eq!(placed.look(&outer, LOOK).await.unwrap(), SEEN);
    }
}
