//! Measures the way of events from outbox to handled, and prints a Markdown table: `cargo run --release -p platform --example relay_bench`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a measurement, not a shop"
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use kernel::{Clock, Envelope, Event, Failure, Subscription, SystemClock};
use platform::{
    Database, EventSettings, Handler, ModuleEvents, RunningEvents, UnitOfWork, start_events,
};
use serde::{Deserialize, Serialize};
use testkit::{TestServer, until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const NAME: &str = "payments.measure-order-changed";
const SUBSCRIPTIONS: &[Subscription] = &[Subscription { name: NAME, event: OrderChanged::NAME }];
const BACKLOG: usize = 60_000;
const KEYS: usize = 10_000;
const RATE: u64 = 1_000;
const SECONDS: u64 = 10;
const PUBLISHERS: usize = 16;

/// About as long as an event of a shop.
#[derive(Serialize, Deserialize)]
struct OrderChanged {
    order: String,
    lines: Vec<(String, u32, i64)>,
}

impl Event for OrderChanged {
    const NAME: &'static str = "orders.order-changed.v1";

    fn key(&self) -> String {
        self.order.clone()
    }
}

/// Notes how old events are when they are handled.
#[derive(Default)]
struct Measuring {
    handled: AtomicUsize,
    ages: Mutex<Vec<Duration>>,
}

#[async_trait]
impl Handler for Measuring {
    async fn handle(&self, _: &UnitOfWork, envelope: &Envelope) -> Result<(), Failure> {
        let age = SystemClock.now().since(envelope.time);
        self.ages.lock().unwrap().push(age);
        self.handled.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct Bench {
    orders: Database,
    measuring: Arc<Measuring>,
    events: RunningEvents,
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    println!("| Database | events/s from outbox to handled | p50 at {RATE}/s | p99 at {RATE}/s |");
    println!("| --- | ---: | ---: | ---: |");
    measure("SQLite", TestServer::sqlite(), TestServer::sqlite()).await;
    if let (Some(first), Some(second)) =
        (TestServer::postgres().await, TestServer::postgres().await)
    {
        measure("PostgreSQL", first, second).await;
    }
}

async fn measure(name: &str, first: TestServer, second: TestServer) {
    let rate = throughput(Bench::on(&first).await).await;
    let mut ages = latency(Bench::on(&second).await).await;
    ages.sort();
    let at = |percent: usize| ages[ages.len() * percent / 100 - 1].as_secs_f64() * 1_000.0;
    println!("| {name} | {rate:.0} | {:.1} ms | {:.1} ms |", at(50), at(99));
}

impl Bench {
    async fn on(server: &TestServer) -> Self {
        let (orders, payments) =
            (server.database("orders").await, server.database("payments").await);
        let measuring = Arc::new(Measuring::default());
        let handler: Arc<dyn Handler> = measuring.clone();
        let modules = vec![
            ModuleEvents {
                database: orders.clone(),
                subscriptions: &[],
                handlers: BTreeMap::new(),
            },
            ModuleEvents {
                database: payments,
                subscriptions: SUBSCRIPTIONS,
                handlers: BTreeMap::from([(NAME, handler)]),
            },
        ];
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let events = start_events(&clock, &EventSettings::default(), modules).await.unwrap();
        Self { orders, measuring, events }
    }
}

fn event(number: usize) -> OrderChanged {
    let line = |line: usize| (format!("sku-{line}-{number}"), 2, 1_999);
    OrderChanged { order: format!("order-{}", number % KEYS), lines: (0..3).map(line).collect() }
}

async fn publish(orders: &Database, numbers: std::ops::Range<usize>) {
    let uow = UnitOfWork::begin(orders, SystemClock.now()).await.unwrap();
    for number in numbers {
        uow.publish(&event(number)).await.unwrap();
    }
    uow.commit().await.unwrap();
}

/// How fast a backlog is worked off.
async fn throughput(bench: Bench) -> f64 {
    for first in (0..BACKLOG).step_by(500) {
        publish(&bench.orders, first..first + 500).await;
    }
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());

    let begun = Instant::now();
    bench.events.spawn(&tasks, &stop);
    let measuring = bench.measuring;
    until("all are handled", async || measuring.handled.load(Ordering::SeqCst) >= BACKLOG).await;
    let took = begun.elapsed();

    stop.cancel();
    tasks.close();
    tasks.wait().await;
    BACKLOG as f64 / took.as_secs_f64()
}

/// How old events are when they are handled, published one by one at an even rate.
async fn latency(bench: Bench) -> Vec<Duration> {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    bench.events.spawn(&tasks, &stop);

    let publishing = TaskTracker::new();
    let count = usize::try_from(RATE * SECONDS).unwrap();
    for publisher in 0..PUBLISHERS {
        let orders = bench.orders.clone();
        publishing.spawn(async move {
            let every =
                Duration::from_micros(1_000_000 / RATE) * u32::try_from(PUBLISHERS).unwrap();
            let mut beat = tokio::time::interval(every);
            for number in (publisher..count).step_by(PUBLISHERS) {
                beat.tick().await;
                publish(&orders, number..number + 1).await;
            }
        });
    }
    publishing.close();
    publishing.wait().await;
    let measuring = bench.measuring;
    until("all are handled", async || measuring.handled.load(Ordering::SeqCst) >= count).await;

    stop.cancel();
    tasks.close();
    tasks.wait().await;
    std::mem::take(&mut *measuring.ages.lock().unwrap())
}
