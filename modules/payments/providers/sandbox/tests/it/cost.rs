use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use testkit::TestDatabase;

use crate::stage::{Stage, wish};

#[derive(Default)]
struct Count(AtomicU64);

impl CounterFn for Count {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Ordering::SeqCst);
    }

    fn absolute(&self, value: u64) {
        self.0.store(value, Ordering::SeqCst);
    }
}

/// Counts the statements of the databases that are opened while it is in place.
#[derive(Default)]
struct Statements(Arc<Count>);

impl Recorder for Statements {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        if key.name() == "galleria_sql_statements_total" {
            Counter::from_arc(Arc::clone(&self.0))
        } else {
            Counter::noop()
        }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// Opens a database whose statements are counted.
async fn counted(module: &'static str) -> (TestDatabase, Arc<Count>) {
    let statements = Statements::default();
    let _guard = metrics::set_default_local_recorder(&statements);
    let database = TestDatabase::sqlite(module).await;
    (database, Arc::clone(&statements.0))
}

#[tokio::test]
async fn an_authorization_takes_four_statements_two_for_its_event_and_one_of_the_sandbox() {
    let (ours, our_count) = counted("payments").await;
    let (theirs, their_count) = counted("sandbox_provider").await;
    let stage = Stage::on(&ours, &theirs);
    let counts = || (our_count.0.load(Ordering::SeqCst), their_count.0.load(Ordering::SeqCst));
    let before = counts();

    stage.authorize(&wish("tok_ok")).await.unwrap();

    let after = counts();
    assert_eq!((after.0 - before.0, after.1 - before.1), (4 + 2, 1));
}
