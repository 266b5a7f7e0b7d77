use std::sync::Arc;
use std::time::Duration;

use kernel::contract::{BreakerSettings, BulkheadSettings, StackSettings};
use kernel::{CallError, Executed, Failure, FailureKind};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::sync::Notify;

use crate::over::{Failing, layered, served};
use conformance::{FakeShelf, LOOK, PUT, SEEN, Shelf, ShelfRefusal, call};

async fn failure(shelf: &Arc<dyn Shelf>) -> Failure {
    match shelf.look(&call(), LOOK).await {
        Err(CallError::Failed(failure)) => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_full_bulkhead_refuses_at_once_and_opens_again() {
    let (fake, may_end) = (Arc::new(FakeShelf::default()), Arc::new(Notify::new()));
    let waits_for = may_end.clone();
    fake.put.answer(move |_, _| {
        let may_end = waits_for.clone();
        async move {
            may_end.notified().await;
            Ok(SEEN)
        }
    });
    fake.look.answer(|_, _| async { Ok(SEEN) });
    let bulkhead = BulkheadSettings { at_once: 1 };
    let shelf = layered(fake, StackSettings { bulkhead, ..StackSettings::default() });

    let inside = shelf.clone();
    let inside = tokio::spawn(async move { inside.put(&call(), PUT).await });
    tokio::task::yield_now().await;
    let refused = failure(&shelf).await;
    may_end.notify_one();
    inside.await.unwrap().unwrap();

    assert_eq!((refused.kind, refused.executed), (FailureKind::Overloaded, Executed::No));
    assert_eq!(shelf.look(&call(), LOOK).await.unwrap(), SEEN);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_is_left_alone_for_a_while() {
    let fake = Arc::new(FakeShelf::default());
    fake.look.answer(|_, _| async { Err(Failure::unavailable("down").into()) });
    let breaker = BreakerSettings { failures: 3, rest: Duration::from_secs(1) };
    let shelf = layered(fake.clone(), StackSettings { breaker, ..StackSettings::default() });

    for _ in 0..3 {
        assert_eq!(failure(&shelf).await.executed, Executed::Unknown);
    }
    fake.look.answer(|_, _| async { Ok(SEEN) });
    let alone = failure(&shelf).await;
    tokio::time::advance(Duration::from_millis(1_100)).await;
    let again = shelf.look(&call(), LOOK).await;

    assert_eq!((alone.kind, alone.executed), (FailureKind::Unavailable, Executed::No));
    assert_eq!(again.unwrap(), SEEN);
    assert_eq!(shelf.look(&call(), LOOK).await.unwrap(), SEEN);
}

#[tokio::test]
async fn refusals_do_not_open_the_breaker() {
    let fake = Arc::new(FakeShelf::default());
    fake.look.answer(|_, _| async { Err(ShelfRefusal::NoBoard.into()) });
    let breaker = BreakerSettings { failures: 1, ..BreakerSettings::default() };
    let shelf = layered(fake, StackSettings { breaker, ..StackSettings::default() });

    for _ in 0..3 {
        let outcome = shelf.look(&call(), LOOK).await;

        assert!(matches!(outcome, Err(CallError::Refused(ShelfRefusal::NoBoard))));
    }
}

#[test]
fn calls_are_counted_by_outcome_and_a_repeated_attempt_is_no_error() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let fake = Arc::new(FakeShelf::default());
    fake.look.answer(|_, _| async { Ok(SEEN) });
    fake.put.answer(|_, _| async { Err(ShelfRefusal::NoBoard.into()) });
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();

    metrics::with_local_recorder(&recorder, || {
        runtime.unwrap().block_on(async {
            let channel = Failing::first(1, Failure::unavailable("lost"), served(fake));
            let peer = kernel::contract::Peer::new(channel);
            let shelf = <dyn Shelf as kernel::contract::Contract>::remote(peer);
            let shelf = layered(shelf, StackSettings::default());
            assert!(shelf.look(&call(), LOOK).await.is_ok());
            assert!(shelf.put(&call(), PUT).await.is_err());
        });
    });

    let shown = recorder.handle().render();
    let of = |method: &str| format!("contract=\"shelf.v1\",method=\"{method}\"");
    for line in [
        format!("galleria_calls_total{{{},outcome=\"answered\",code=\"\"}} 1", of("look")),
        format!("galleria_calls_total{{{},outcome=\"refused\",code=\"no-board\"}} 1", of("put")),
        format!("galleria_call_retries_total{{{}}} 1", of("look")),
        format!("galleria_call_duration_seconds_count{{{}}} 1", of("look")),
    ] {
        assert!(shown.contains(&line), "{line} in\n{shown}");
    }
    assert!(!shown.contains("failed"), "{shown}");
}
