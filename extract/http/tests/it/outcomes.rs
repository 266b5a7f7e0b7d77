use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::{Call, CallError, Failure, FailureKind};

use crate::desk::{Desk, layered, told};
use crate::shelf::{FakeShelf, LOOK, PUT, SEEN, Seen, Shelf, ShelfRefusal, call};

type Outcome = Result<Seen, CallError<ShelfRefusal>>;

fn breaks() -> Outcome {
    panic!("as it must")
}

fn outcomes() -> Vec<Outcome> {
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

/// The same implementation in this process, and behind HTTP.
async fn placed(desk: &Desk, shelf: &Arc<FakeShelf>) -> [Arc<dyn Shelf>; 2] {
    let url = desk.serve(layered(shelf.clone())).await;
    [layered(shelf.clone()), layered(desk.once(&[url]))]
}

async fn read_and_written(shelf: &Arc<dyn Shelf>, call: &Call) -> [String; 2] {
    [told(&shelf.look(call, LOOK).await), told(&shelf.add(call, PUT).await)]
}

#[tokio::test]
async fn every_outcome_is_the_same_over_http() {
    for outcome in outcomes() {
        let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
        let (read, written) = (outcome.clone(), outcome.clone());
        shelf.look.answer(move |_, _| std::future::ready(read.clone()));
        shelf.add.answer(move |_, _| std::future::ready(written.clone()));

        for placed in placed(&desk, &shelf).await {
            let expected = told(&outcome);
            let seen = read_and_written(&placed, &call()).await;
            assert_eq!(seen, [expected.clone(), expected]);
        }
    }
}

#[tokio::test]
async fn a_panic_is_a_failure_whose_effect_is_not_known() {
    let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
    shelf.look.answer(|_, _| async { breaks() });
    shelf.add.answer(|_, _| async { breaks() });

    for placed in placed(&desk, &shelf).await {
        let panicked = "Panicked Unknown None".to_owned();
        assert_eq!(read_and_written(&placed, &call()).await, [panicked.clone(), panicked]);
    }
}

#[tokio::test]
async fn a_call_ends_at_its_deadline_and_without_time_is_not_begun() {
    let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
    shelf.look.answer(|_, _| std::future::pending());
    shelf.add.answer(|_, _| std::future::pending());

    for placed in placed(&desk, &shelf).await {
        let soon = || Call { deadline: Instant::now() + Duration::from_millis(300), ..call() };
        let [read, written] =
            [told(&placed.look(&soon(), LOOK).await), told(&placed.add(&soon(), PUT).await)];
        assert_eq!([&read[..], &written], ["Deadline Unknown None"; 2]);

        let late = Call { deadline: Instant::now(), ..call() };
        let [read, written] = read_and_written(&placed, &late).await;
        assert_eq!([&read[..], &written], ["Deadline No None"; 2]);
    }
}

#[tokio::test]
async fn a_callee_knows_the_context_and_has_no_more_time_than_its_caller() {
    let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
    let key = kernel::IdempotencyKey::parse("order-1").unwrap();
    let outer = call().keyed(key);
    let expected = outer.clone();
    shelf.look.answer(move |call, _| {
        assert!(call.remaining() <= Duration::from_secs(5));
        assert!(call.remaining() > Duration::from_secs(1));
        assert_eq!((&call.principal, &call.caller), (&expected.principal, &expected.caller));
        assert_eq!((&call.key, call.trace), (&expected.key, expected.trace));
        std::future::ready(Ok(SEEN))
    });

    for placed in placed(&desk, &shelf).await {
        assert_eq!(placed.look(&outer, LOOK).await.unwrap(), SEEN);
    }
}
