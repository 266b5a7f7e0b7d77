use std::sync::Arc;

use kernel::Failure;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};
use tokio::task::AbortHandle;

use super::sql::failed;

/// The one writer of a file. Units of work that wait for it together are committed together, a savepoint each, and
/// answered after the common commit.
pub(crate) struct SqliteWriter {
    group: Arc<Mutex<Group>>,
    wake: Arc<Notify>,
    committer: AbortHandle,
}

/// The open transaction, and who waits for its commit.
struct Group {
    options: SqliteConnectOptions,
    connection: DatabaseConnection,
    open: Option<DatabaseTransaction>,
    waiting: Vec<oneshot::Sender<Result<(), Failure>>>,
    /// The last unit of work ended without a commit: `SQLite` may have given up the whole transaction, as when the disk is full.
    in_doubt: bool,
}

/// A unit of work's place in the group. Dropped without a commit, its savepoint is rolled back.
pub(crate) struct SqliteUnit {
    pub(crate) savepoint: DatabaseTransaction,
    group: OwnedMutexGuard<Group>,
    wake: WakeOnDrop,
}

struct WakeOnDrop(Arc<Notify>);

impl Drop for WakeOnDrop {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl SqliteWriter {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        let connection = connect(&options);
        let group = Group { options, connection, open: None, waiting: Vec::new(), in_doubt: false };
        let group = Arc::new(Mutex::new(group));
        let wake = Arc::new(Notify::new());
        let committer =
            tokio::spawn(commit_groups(Arc::clone(&group), Arc::clone(&wake))).abort_handle();
        Self { group, wake, committer }
    }

    pub(super) async fn begin(&self) -> Result<SqliteUnit, Failure> {
        let (group, wake) = (Arc::clone(&self.group), Arc::clone(&self.wake));
        to_its_end(async move {
            let mut group = group.lock_owned().await;
            let wake = WakeOnDrop(wake);
            let savepoint = group.savepoint().await?;
            Ok(SqliteUnit { savepoint, group, wake })
        })
        .await
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        self.committer.abort();
    }
}

impl SqliteUnit {
    pub(super) async fn commit(self) -> Result<(), Failure> {
        let committed = to_its_end(self.release()).await?;
        committed.await.unwrap_or_else(|_| {
            Err(Failure::unavailable("the database was closed before the commit"))
        })
    }

    /// Leaves the group open to the next one, to be committed with it.
    async fn release(self) -> Result<oneshot::Receiver<Result<(), Failure>>, Failure> {
        let Self { savepoint, mut group, wake } = self;
        if let Err(error) = savepoint.commit().await {
            let failure = failed(error);
            group.abandon(&failure).await;
            return Err(failure);
        }
        group.in_doubt = false;
        let (answer, committed) = oneshot::channel();
        group.waiting.push(answer);
        drop(group);
        drop(wake);
        Ok(committed)
    }
}

impl Group {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where SQLite transactions are opened"
    )]
    async fn savepoint(&mut self) -> Result<DatabaseTransaction, Failure> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.clear_doubt().await;
        let open = match self.open.take() {
            Some(open) => open,
            None => self.connection.begin_with_options(options).await.map_err(failed)?,
        };
        let savepoint = open.begin().await;
        self.open = Some(open);
        self.in_doubt = true;
        match savepoint {
            Ok(savepoint) => Ok(savepoint),
            Err(error) => {
                let failure = failed(error);
                self.abandon(&failure).await;
                Err(failure)
            }
        }
    }

    async fn commit(&mut self) {
        self.clear_doubt().await;
        let Some(open) = self.open.take() else { return };
        let ended =
            if self.waiting.is_empty() { open.rollback().await } else { open.commit().await };
        match ended {
            Ok(()) => {
                metrics::counter!("galleria_sqlite_commits_total").increment(1);
                self.answer(&Ok(()));
            }
            Err(error) => self.abandon(&failed(error)).await,
        }
    }

    /// A transaction that is still open refuses to begin another one.
    async fn clear_doubt(&mut self) {
        if !std::mem::take(&mut self.in_doubt) {
            return;
        }
        let Some(open) = &self.open else { return };
        if open.execute_unprepared("BEGIN").await.is_ok() {
            self.abandon(&Failure::unavailable("the database gave up the transaction")).await;
        }
    }

    /// Gives the transaction up, tells everybody in it, and starts over on a new connection.
    async fn abandon(&mut self, failure: &Failure) {
        tracing::error!(error = %failure.chain(), "gave up a group of units of work");
        if let Some(open) = self.open.take() {
            let _ = open.rollback().await;
        }
        self.connection = connect(&self.options);
        self.in_doubt = false;
        self.answer(&Err(failure.clone()));
    }

    fn answer(&mut self, outcome: &Result<(), Failure>) {
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(outcome.clone());
        }
    }
}

/// The lock is fair: whoever waits for it when a commit is asked for gets into the same commit.
async fn commit_groups(group: Arc<Mutex<Group>>, wake: Arc<Notify>) {
    loop {
        wake.notified().await;
        group.lock().await.commit().await;
    }
}

/// Runs a step to its end even if nobody waits for it any more, so that the transaction is never left half-way through it.
async fn to_its_end<T: Send + 'static>(
    step: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(step).await.map_err(Failure::internal)?
}

fn connect(options: &SqliteConnectOptions) -> DatabaseConnection {
    let pool = SqlitePoolOptions::new().max_connections(1).test_before_acquire(false);
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.connect_lazy_with(options.clone()))
}
