use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kernel::{Failure, ModuleName, Timestamp};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, SqlxSqliteConnector,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};
use tokio::task::AbortHandle;

use super::database::{Database, Writer};
use super::migrate::migrate;
use super::open::OpenError;
use super::sql::{Sql as _, failed};
use super::uow::UnitOfWork;

const READERS: u32 = 4;

/// A directory with a file a module. One process works on it at a time; a second is refused.
#[derive(Debug)]
pub struct SqliteDirectory {
    path: PathBuf,
    // Held as long as the databases are open; the operating system lets go of it when the process dies.
    _lock: File,
}

impl SqliteDirectory {
    /// Makes the directory if it is not there, and takes it for this process.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Directory { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let lock = File::create(path.join("galleria.lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// Opens a module's file, makes it if it is not there, and brings it up to date.
    pub async fn database(
        &self,
        module: &ModuleName,
        now: Timestamp,
    ) -> Result<Database, OpenError> {
        let database = self.open_file(module);
        let broken = |name: &str, source| OpenError::Migration {
            module: module.to_string(),
            migration: name.to_owned(),
            source,
        };
        let uow =
            UnitOfWork::begin(&database, now).await.map_err(|cause| broken("begin", cause))?;
        migrate(&uow.executor(), module, now)
            .await
            .map_err(|step| broken(step.name, step.cause))?;
        uow.commit().await.map_err(|cause| broken("commit", cause))?;
        Ok(database)
    }

    fn open_file(&self, module: &ModuleName) -> Database {
        let options = SqliteConnectOptions::new()
            .filename(self.path.join(format!("{module}.sqlite")))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .disable_statement_logging();
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().pragma("query_only", "true"));
        let reader = SqlxSqliteConnector::from_sqlx_sqlite_pool(readers);
        Database::new(module.clone(), reader, Writer::Sqlite(SqliteWriter::new(options)))
    }
}

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
    /// A step began and did not end: its future was dropped half-way, and the state of the transaction is not known.
    torn: bool,
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
    fn new(options: SqliteConnectOptions) -> Self {
        let connection = connect(&options);
        let group = Group { options, connection, open: None, waiting: Vec::new(), torn: false };
        let group = Arc::new(Mutex::new(group));
        let wake = Arc::new(Notify::new());
        let committer =
            tokio::spawn(commit_groups(Arc::clone(&group), Arc::clone(&wake))).abort_handle();
        Self { group, wake, committer }
    }

    pub(crate) async fn begin(&self) -> Result<SqliteUnit, Failure> {
        let mut group = Arc::clone(&self.group).lock_owned().await;
        let wake = WakeOnDrop(Arc::clone(&self.wake));
        let savepoint = group.savepoint().await?;
        Ok(SqliteUnit { savepoint, group, wake })
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        self.committer.abort();
    }
}

impl SqliteUnit {
    pub(crate) async fn commit(self) -> Result<(), Failure> {
        let Self { savepoint, mut group, wake } = self;
        group.torn = true;
        if let Err(error) = savepoint.commit().await {
            let failure = failed(error);
            group.abandon(&failure).await;
            return Err(failure);
        }
        group.torn = false;
        let (answer, committed) = oneshot::channel();
        group.waiting.push(answer);
        drop(group);
        drop(wake);
        committed.await.unwrap_or_else(|_| {
            Err(Failure::unavailable("the database was closed before the commit"))
        })
    }
}

impl Group {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where SQLite transactions are opened"
    )]
    async fn savepoint(&mut self) -> Result<DatabaseTransaction, Failure> {
        if self.torn {
            self.abandon(&Failure::unavailable("a commit of the same group was cut off")).await;
        }
        self.torn = true;
        let open = match self.open.take() {
            Some(open) => open,
            None => {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                };
                self.connection.begin_with_options(options).await.map_err(failed)?
            }
        };
        let savepoint = open.begin().await;
        self.open = Some(open);
        self.torn = false;
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
        if self.torn {
            self.abandon(&Failure::unavailable("a commit of the same group was cut off")).await;
            return;
        }
        let Some(open) = self.open.take() else { return };
        let ended =
            if self.waiting.is_empty() { open.rollback().await } else { open.commit().await };
        match ended {
            Ok(()) => self.answer(&Ok(())),
            Err(error) => self.abandon(&failed(error)).await,
        }
    }

    /// Gives the transaction up, tells everybody in it, and starts over on a new connection.
    async fn abandon(&mut self, failure: &Failure) {
        tracing::error!(error = %failure.chain(), "gave up a group of units of work");
        if let Some(open) = self.open.take() {
            let _ = open.rollback().await;
        }
        self.connection = connect(&self.options);
        self.torn = false;
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

fn connect(options: &SqliteConnectOptions) -> DatabaseConnection {
    let pool = SqlitePoolOptions::new().max_connections(1).test_before_acquire(false);
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.connect_lazy_with(options.clone()))
}
