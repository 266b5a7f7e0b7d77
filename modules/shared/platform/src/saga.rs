//! Durable processes: their rows say how far they are, and whoever takes one up gets a new epoch.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock, Failure, Timestamp};
use sea_orm::FromQueryResult;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::db::{Database, Sql, UnitOfWork};
use crate::{fault, jobs, params};

/// A saga as one worker holds it. A worker that woke up late holds an old epoch, and its writes are refused.
#[derive(Debug, Clone)]
pub struct Saga {
    /// What it is about.
    pub id: String,
    /// How far it is.
    pub state: String,
    /// Which taking-up this is, from 1.
    pub epoch: i64,
    /// How often it failed.
    pub attempts: u32,
    /// When it must be over.
    pub deadline: Timestamp,
}

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

#[derive(FromQueryResult)]
struct SagaRow {
    id: String,
    state: String,
    epoch: i64,
    attempts: i64,
    deadline_at: i64,
}

impl Saga {
    /// Writes a new saga, held by the caller until `lease` is over.
    pub async fn start(
        uow: &UnitOfWork,
        (kind, id): (&str, &str),
        lease: Duration,
        deadline: Timestamp,
    ) -> Result<Self, Failure> {
        let insert = "INSERT INTO saga (id, kind, state, epoch, attempts, due_at, deadline_at, started_at) \
                      VALUES ($1, $2, 'running', 1, 0, $3, $4, $5)";
        uow.run(insert, params![id, kind, uow.now().plus(lease), deadline, uow.now()]).await?;
        Ok(Self { id: id.to_owned(), state: "running".to_owned(), epoch: 1, attempts: 0, deadline })
    }

    /// Moves it on. Refused, as a failure, if another worker took it up since.
    pub async fn advance(&mut self, uow: &UnitOfWork, state: &str) -> Result<(), Failure> {
        let update =
            "UPDATE saga SET state = $3 WHERE id = $1 AND epoch = $2 AND settled_at IS NULL";
        self.guarded(uow.run(update, params![self.id, self.epoch, state]).await?)?;
        state.clone_into(&mut self.state);
        Ok(())
    }

    /// Ends it. Refused, as a failure, if another worker took it up since.
    pub async fn settle(&self, uow: &UnitOfWork, state: &str) -> Result<(), Failure> {
        let update = "UPDATE saga SET state = $3, settled_at = $4, cause = NULL \
                      WHERE id = $1 AND epoch = $2 AND settled_at IS NULL";
        self.guarded(uow.run(update, params![self.id, self.epoch, state, uow.now()]).await?)
    }

    /// Takes a running saga away from whoever holds it, because something else is to become of it.
    pub async fn take_over(
        uow: &UnitOfWork,
        id: &str,
        state: &str,
        lease: Duration,
    ) -> Result<Option<Self>, Failure> {
        let update = "UPDATE saga SET epoch = epoch + 1, state = $2, due_at = $3, settled_at = NULL WHERE id = $1 \
                      RETURNING id, state, epoch, attempts, deadline_at";
        let row: Option<SagaRow> =
            uow.first(update, params![id, state, uow.now().plus(lease)]).await?;
        Ok(row.map(SagaRow::into_saga))
    }

    /// Lets go of it for now, because it could not be taken further.
    pub async fn put_off(
        &self,
        uow: &UnitOfWork,
        wait: Duration,
        failure: &Failure,
    ) -> Result<(), Failure> {
        let update = "UPDATE saga SET due_at = $3, attempts = attempts + 1, cause = $4 \
                      WHERE id = $1 AND epoch = $2 AND settled_at IS NULL";
        uow.run(update, params![self.id, self.epoch, uow.now().plus(wait), failure.chain()])
            .await
            .map(|_| ())
    }

    fn guarded(&self, rows: u64) -> Result<(), Failure> {
        if rows == 1 {
            return Ok(());
        }
        Err(Failure::internal(format!(
            "saga {} was taken up by another worker after epoch {}",
            self.id, self.epoch
        )))
    }
}

impl SagaRow {
    fn into_saga(self) -> Saga {
        Saga {
            id: self.id,
            state: self.state,
            epoch: self.epoch,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            deadline: Timestamp::from_micros(self.deadline_at),
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
}

impl SagaRunner {
    /// Drives the sagas of a database.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        settings: SagaSettings,
        driver: Arc<dyn SagaDriver>,
    ) -> Self {
        Self { database, clock, settings, driver, wake: Arc::new(Notify::new()) }
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
                    tracing::error!(error = %failure.chain(), "could not take up sagas, tries again")
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
        let update = "UPDATE saga SET epoch = epoch + 1, due_at = $1 WHERE settled_at IS NULL";
        uow.run(update, params![uow.now()]).await?;
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

    async fn drive(&self, saga: Saga) -> Result<(), Failure> {
        let held = saga.clone();
        let Err(failure) = self.driver.drive(saga).await else { return Ok(()) };
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
