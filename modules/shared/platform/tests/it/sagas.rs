use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock as _, Failure};
use platform::saga::{Saga, SagaDriver, SagaRunner, SagaSettings};
use platform::{Chain, Database, Sql as _, UnitOfWork};
use testkit::{ManualClock, on_each_server};

const LEASE: Duration = Duration::from_secs(6);
const LATER: Duration = Duration::from_mins(15);

/// Settles sagas, and remembers which it had at the same time, and how often each.
#[derive(Default)]
struct Settling {
    database: Option<Database>,
    clock: Arc<ManualClock>,
    driven_now: Mutex<BTreeSet<String>>,
    twice_at_once: AtomicUsize,
    driven: AtomicUsize,
}

#[async_trait]
impl SagaDriver for Settling {
    async fn drive(&self, saga: Saga) -> Result<(), Failure> {
        self.driven.fetch_add(1, Ordering::SeqCst);
        if !self.driven_now.lock().unwrap().insert(saga.id.clone()) {
            self.twice_at_once.fetch_add(1, Ordering::SeqCst);
        }
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let uow = UnitOfWork::begin(self.database.as_ref().unwrap(), self.clock.now()).await?;
        saga.settle(&uow, "settled", []).await?;
        self.driven_now.lock().unwrap().remove(&saga.id);
        uow.commit().await
    }
}

/// Always ends in the same way.
struct Ending(fn() -> Result<(), Failure>);

#[async_trait]
impl SagaDriver for Ending {
    async fn drive(&self, _: Saga) -> Result<(), Failure> {
        self.0()
    }
}

fn runner(
    database: &Database,
    clock: &Arc<ManualClock>,
    driver: Arc<dyn SagaDriver>,
) -> SagaRunner {
    let settings = SagaSettings { lease: LEASE, ..SagaSettings::default() };
    SagaRunner::new(database.clone(), clock.clone(), settings, driver)
}

async fn start(database: &Database, clock: &ManualClock, id: &str) -> Saga {
    let now = clock.now();
    let (saga, started) = Saga::start(("checkout", id), now, LEASE, now.plus(LATER));
    database.chain(Chain::of("SELECT 'placed' AS what", vec![]).then(started)).await.unwrap();
    saga
}

async fn state(database: &Database, id: &str) -> (String, i64) {
    let select = "SELECT state, epoch FROM saga WHERE id = $1";
    let row = database.query(select, platform::params![id]).await.unwrap().remove(0);
    (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runners_side_by_side_never_drive_a_saga_at_once() {
    on_each_server(async |server| {
        let clock: Arc<ManualClock> = Arc::default();
        let database = server.database("orders").await;
        for id in 0..60 {
            start(&database, &clock, &format!("saga-{id}")).await;
        }
        clock.advance(LEASE);
        let settling = Arc::new(Settling {
            database: Some(database.clone()),
            clock: clock.clone(),
            ..Settling::default()
        });

        let mut runners = Vec::new();
        for _ in 0..3 {
            let process =
                if server.is_shared() { server.database("orders").await } else { database.clone() };
            let runner = runner(&process, &clock, settling.clone());
            runners.push(tokio::spawn(async move { while runner.step().await.unwrap() > 0 {} }));
        }
        for runner in runners {
            runner.await.unwrap();
        }

        assert_eq!(settling.twice_at_once.load(Ordering::SeqCst), 0);
        assert_eq!(settling.driven.load(Ordering::SeqCst), 60);
        let open = "SELECT COUNT(*) FROM saga WHERE settled_at IS NULL";
        assert_eq!(database.number(open, vec![]).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_saga_that_is_held_is_taken_up_when_its_lease_is_over() {
    on_each_server(async |server| {
        let (clock, database): (Arc<ManualClock>, _) =
            (Arc::default(), server.database("orders").await);
        let settling = Arc::new(Settling {
            database: Some(database.clone()),
            clock: clock.clone(),
            ..Settling::default()
        });
        let runner = runner(&database, &clock, settling);
        start(&database, &clock, "a").await;

        clock.advance(LEASE * 5 / 6);
        let while_held = runner.step().await.unwrap();
        clock.advance(LEASE / 6);
        let afterwards = runner.step().await.unwrap();

        assert_eq!((while_held, afterwards), (0, 1));
        assert_eq!(state(&database, "a").await, ("settled".to_owned(), 2));
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_woke_up_late_is_refused() {
    on_each_server(async |server| {
        let (clock, database): (Arc<ManualClock>, _) =
            (Arc::default(), server.database("orders").await);
        let mut late = start(&database, &clock, "a").await;
        clock.advance(LEASE);
        let failing =
            runner(&database, &clock, Arc::new(Ending(|| Err(Failure::internal("not now")))));

        failing.step().await.unwrap();
        let uow = UnitOfWork::begin(&database, clock.now()).await.unwrap();
        let advanced = late.advance(&uow, "confirmed").await;
        let settled = late.settle(&uow, "confirmed", []).await;
        late.put_off(&uow, LATER, &Failure::internal("late")).await.unwrap();
        uow.commit().await.unwrap();

        assert!(advanced.is_err() && settled.is_err());
        assert_eq!(state(&database, "a").await, ("running".to_owned(), 2));
        clock.advance(Duration::from_secs(5));
        assert_eq!(failing.step().await.unwrap(), 1, "the late worker put it off");
    })
    .await;
}

#[tokio::test]
async fn a_saga_that_was_over_has_new_time_when_it_is_taken_over() {
    on_each_server(async |server| {
        let (clock, database): (Arc<ManualClock>, _) =
            (Arc::default(), server.database("orders").await);
        let taken_over = async || {
            let uow = UnitOfWork::begin(&database, clock.now()).await.unwrap();
            let deadline = clock.now().plus(LATER);
            let taken = Saga::take_over(&uow, "a", "cancelling", LEASE, deadline).await.unwrap();
            uow.commit().await.unwrap();
            taken.unwrap()
        };
        let started = start(&database, &clock, "a").await;

        clock.advance(LEASE);
        let running = taken_over().await;
        let uow = UnitOfWork::begin(&database, clock.now()).await.unwrap();
        running.settle(&uow, "cancelled", []).await.unwrap();
        uow.commit().await.unwrap();
        clock.advance(LATER);
        let revived = taken_over().await;

        assert_eq!((running.deadline, running.epoch), (started.deadline, 2));
        assert_eq!((revived.deadline, revived.epoch), (clock.now().plus(LATER), 3));
    })
    .await;
}

#[tokio::test]
async fn a_driver_that_panics_has_failed_and_the_runner_goes_on() {
    on_each_server(async |server| {
        let (clock, database): (Arc<ManualClock>, _) =
            (Arc::default(), server.database("orders").await);
        let runner = runner(&database, &clock, Arc::new(Ending(|| panic!("a driver that panics"))));
        start(&database, &clock, "a").await;

        clock.advance(LEASE);
        let (first, at_once) = (runner.step().await.unwrap(), runner.step().await.unwrap());
        clock.advance(Duration::from_secs(5));
        let later = runner.step().await.unwrap();

        assert_eq!((first, at_once, later), (1, 0, 1));
        let attempts = "SELECT attempts FROM saga WHERE id = 'a' AND cause = 'panicked'";
        assert_eq!(database.number(attempts, vec![]).await.unwrap(), 2);
    })
    .await;
}
