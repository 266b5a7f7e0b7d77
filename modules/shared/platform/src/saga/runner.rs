use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use kernel::{Clock, Failure, FailureKind, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::held::{Saga, SagaRow};
use crate::db::{Database, Sql as _, UnitOfWork};
use crate::{fault, jobs, params};

/// What takes a module's sagas further.
#[async_trait]
pub trait SagaDriver: Send + Sync + 'static {
    /// Takes one as far as it goes. A failure puts it off; every step of it may be repeated.
    async fn drive(&self, saga: Saga) -> Result<(), Failure>;
}

/// How sagas are taken up.
#[derive(Debug, Clone)]
pub struct SagaSettings {
    /// Who takes a saga up has it alone for so long.
    pub lease: Duration,
    /// How often to look for sagas that nobody holds.
    pub poll: Duration,
    /// How long to wait after a first failure; doubles with each further one.
    pub first_backoff: Duration,
    /// The longest wait after a failure.
    pub longest_backoff: Duration,
}

impl Default for SagaSettings {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(6),
            poll: Duration::from_millis(500),
            first_backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(5),
        }
    }
}

/// Takes up the sagas of a module that nobody holds. Several processes may do so side by side.
pub struct SagaRunner {
    database: Database,
    clock: Arc<dyn Clock>,
    settings: SagaSettings,
    driver: Arc<dyn SagaDriver>,
    wake: Arc<Notify>,
    /// What began before is of an earlier run.
    made_at: Timestamp,
}

impl SagaRunner {
    /// Drives the sagas of a database.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        settings: SagaSettings,
        driver: Arc<dyn SagaDriver>,
    ) -> Self {
        let made_at = clock.now();
        Self { database, clock, settings, driver, wake: Arc::new(Notify::new()), made_at }
    }

    /// Wakes the runner before its next look.
    pub fn waker(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Takes sagas up until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        if let Err(failure) = self.free().await {
            tracing::error!(error = %failure.chain(), "sagas of the last run wait for their leases to end");
        }
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(failure) => {
                    tracing::error!(error = %failure.chain(), "could not take up sagas, tries again");
                }
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = jobs::pause(self.settings.poll) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Takes up what is due, side by side, and waits for all of it; gives how many.
    pub async fn step(&self) -> Result<usize, Failure> {
        let sagas = self.claim().await?;
        let count = sagas.len();
        let driving = sagas.into_iter().map(|saga| self.drive(saga));
        futures_util::future::join_all(driving).await.into_iter().collect::<Result<(), _>>()?;
        Ok(count)
    }

    /// Where only one process works, nobody holds what the last run of it left open.
    async fn free(&self) -> Result<(), Failure> {
        if self.database.is_shared() {
            return Ok(());
        }
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        let update = "UPDATE saga SET epoch = epoch + 1, due_at = $1 WHERE settled_at IS NULL AND started_at < $2";
        uow.run(update, params![uow.now(), self.made_at]).await?;
        uow.commit().await
    }

    async fn claim(&self) -> Result<Vec<Saga>, Failure> {
        let now = self.clock.now();
        let due = "SELECT id FROM saga WHERE settled_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT 32";
        if self.database.query(due, params![now]).await?.is_empty() {
            return Ok(Vec::new());
        }
        let uow = UnitOfWork::begin(&self.database, now).await?;
        let claim = format!(
            "WITH due AS MATERIALIZED ({due}{}) UPDATE saga SET epoch = epoch + 1, due_at = $2 \
             WHERE id IN (SELECT id FROM due) RETURNING id, state, epoch, attempts, deadline_at",
            self.database.skip_locked()
        );
        let rows: Vec<SagaRow> =
            uow.all(&claim, params![now, now.plus(self.settings.lease)]).await?;
        fault::reach("sagas.before-claim-commit");
        uow.commit().await?;
        Ok(rows.into_iter().map(SagaRow::into_saga).collect())
    }

    /// Gives up before somebody else may take it up; a driver that panics has failed.
    async fn drive(&self, saga: Saga) -> Result<(), Failure> {
        let held = saga.clone();
        let driving = AssertUnwindSafe(self.driver.drive(saga)).catch_unwind();
        let driven = match tokio::time::timeout(self.settings.lease * 5 / 6, driving).await {
            Ok(Ok(driven)) => driven,
            Ok(Err(_)) => Err(Failure::new(FailureKind::Panicked)),
            Err(_) => Err(Failure::deadline()),
        };
        let Err(failure) = driven else { return Ok(()) };
        let (id, error) = (&held.id, failure.chain());
        tracing::warn!(
            saga.id = id,
            saga.attempts = held.attempts,
            error,
            "saga {id} could not be taken further"
        );
        let wait = jobs::backoff(
            self.settings.first_backoff,
            self.settings.longest_backoff,
            held.attempts + 1,
        );
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        held.put_off(&uow, wait, &failure).await?;
        uow.commit().await
    }
}
