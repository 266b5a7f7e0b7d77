//! The way of events from outbox to handled.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use e2e::Outcome;
use kernel::{Clock, Envelope, Event, Failure, Subscription, SystemClock};
use platform::{
    Database, EventSettings, Handler, ModuleEvents, RunningEvents, UnitOfWork, start_events,
};
use serde::{Deserialize, Serialize};
use testkit::{TestServer, until};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::load::Millis;

const NAME: &str = "payments.measure-order-changed";
const SUBSCRIPTIONS: &[Subscription] = &[Subscription { name: NAME, event: OrderChanged::NAME }];
const BACKLOG: usize = 60_000;
const KEYS: usize = 10_000;
/// How many events a second the steady load is.
pub(crate) const RATE: u64 = 1_000;
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
        self.ages.lock().unwrap_or_else(PoisonError::into_inner).push(age);
        self.handled.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct Bench {
    orders: Database,
    measuring: Arc<Measuring>,
    events: RunningEvents,
}

/// How quickly events go from the outbox of one module to the handler of another.
pub(crate) struct Relayed {
    /// Events a second, of a backlog.
    pub(crate) rate: u64,
    /// The age at which half of them are handled, at [`RATE`] a second.
    pub(crate) median: Millis,
    /// The age at which all but one in a hundred are.
    pub(crate) p99: Millis,
}

/// Measures in a runtime like the shop's, on two databases: one for the backlog, one for the steady rate.
pub(crate) async fn measure(backlog: TestServer, steady: TestServer) -> Outcome<Relayed> {
    let measuring = tokio::task::spawn_blocking(move || {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(relayed(&backlog, &steady))
    });
    measuring.await?
}

async fn relayed(backlog: &TestServer, steady: &TestServer) -> Outcome<Relayed> {
    let rate = throughput(Bench::on(backlog).await?).await?;
    let mut ages = latency(Bench::on(steady).await?).await?;
    ages.sort_unstable();
    let at = |percent: usize| ages.get((ages.len() * percent / 100).saturating_sub(1));
    let age = |percent| Millis(at(percent).copied().map_or(0, micros));
    Ok(Relayed { rate, median: age(50), p99: age(99) })
}

fn micros(age: Duration) -> u64 {
    u64::try_from(age.as_micros()).unwrap_or(u64::MAX)
}

impl Bench {
    async fn on(server: &TestServer) -> Outcome<Self> {
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
        let events = start_events(&clock, &EventSettings::default(), modules, Vec::new()).await?;
        Ok(Self { orders, measuring, events })
    }
}

fn event(number: usize) -> OrderChanged {
    let line = |line: usize| (format!("sku-{line}-{number}"), 2, 1_999);
    OrderChanged { order: format!("order-{}", number % KEYS), lines: (0..3).map(line).collect() }
}

async fn publish(orders: &Database, numbers: std::ops::Range<usize>) -> Result<(), Failure> {
    let uow = UnitOfWork::begin(orders, SystemClock.now()).await?;
    for number in numbers {
        uow.publish(&event(number)).await?;
    }
    uow.commit().await
}

/// How fast a backlog is worked off.
async fn throughput(bench: Bench) -> Outcome<u64> {
    for first in (0..BACKLOG).step_by(500) {
        publish(&bench.orders, first..first + 500).await?;
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
    Ok(u64::try_from(BACKLOG)? * 1_000_000 / micros(took).max(1))
}

/// How old events are when they are handled, published one by one at an even rate.
async fn latency(bench: Bench) -> Outcome<Vec<Duration>> {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    bench.events.spawn(&tasks, &stop);

    let mut publishing = JoinSet::new();
    let count = usize::try_from(RATE * SECONDS)?;
    let every = Duration::from_micros(1_000_000 / RATE) * u32::try_from(PUBLISHERS)?;
    for publisher in 0..PUBLISHERS {
        let orders = bench.orders.clone();
        publishing.spawn(async move {
            let mut beat = tokio::time::interval(every);
            for number in (publisher..count).step_by(PUBLISHERS) {
                beat.tick().await;
                publish(&orders, number..number + 1).await?;
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(published) = publishing.join_next().await {
        published??;
    }
    let measuring = bench.measuring;
    until("all are handled", async || measuring.handled.load(Ordering::SeqCst) >= count).await;

    stop.cancel();
    tasks.close();
    tasks.wait().await;
    Ok(std::mem::take(&mut *measuring.ages.lock().unwrap_or_else(PoisonError::into_inner)))
}
