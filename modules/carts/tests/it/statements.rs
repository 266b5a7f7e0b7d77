use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use carts_contract::{Carts, GetCart};
use kernel::OrderId;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use crate::stage::{guest, on_stage, system};

/// Counts the statements, and nothing else.
#[derive(Default)]
struct Statements(Arc<AtomicU64>);

impl Recorder for Statements {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        match key.name() {
            "galleria_sql_statements_total" => Counter::from_arc(Arc::clone(&self.0)),
            _ => Counter::noop(),
        }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test]
async fn a_call_needs_few_statements_and_one_question_to_each_neighbour() {
    let statements = Statements::default();
    let _guard = metrics::set_default_local_recorder(&statements);
    on_stage(async |stage| {
        let spent = || {
            let calls = stage.catalog.calls() + stage.inventory.calls();
            (statements.0.load(Ordering::SeqCst), calls)
        };
        let mut before = spent();
        let mut since = || {
            let (earlier, now) = (before, spent());
            before = now;
            (now.0 - earlier.0, now.1 - earlier.1)
        };

        let chain_of = |statements| if stage.database.is_shared() { 1 } else { statements };

        let cart = stage.new_cart(&guest()).await;
        assert_eq!(since(), (1, 0), "create");
        for (sku, quantity) in [("mug", 1), ("pot", 1), ("mug", 2)] {
            stage.put(&guest(), cart, (sku, quantity)).await.unwrap();
            assert_eq!(since(), (1 + chain_of(2), 2), "put {sku}");
        }
        stage.cart(&guest(), cart).await.unwrap();
        assert_eq!(since(), (1, 2), "cart");
        stage.carts.contents(&system(), GetCart { cart }).await.unwrap();
        assert_eq!(since(), (1, 0), "contents");
        let order = OrderId::generate();
        stage.freeze(cart, order).await.unwrap();
        assert_eq!(since(), (chain_of(2), 0), "freeze");
        stage.thaw(cart, order).await.unwrap();
        assert_eq!(since(), (4, 0), "thaw");
    })
    .await;
}
