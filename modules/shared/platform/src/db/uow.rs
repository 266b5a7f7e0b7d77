use kernel::{Event, Failure, Timestamp, TraceContext};
use sea_orm::{DatabaseConnection, DatabaseExecutor, DatabaseTransaction, TransactionTrait};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::database::{Database, Writer};
use super::group::SqliteUnit;
use super::sql::{Sql, failed};
use crate::events::outbox;

/// A transaction of one module that carries its outbox: what it publishes is committed with what it writes.
///
/// Dropped without [`commit`](Self::commit), it changes nothing. It is never held across a contract call.
#[must_use = "a unit of work that is dropped changes nothing"]
pub struct UnitOfWork {
    transaction: Transaction,
    database: Database,
    now: Timestamp,
    trace: Option<TraceContext>,
    published: Mutex<Vec<String>>,
    failed: AtomicBool,
}

enum Transaction {
    Postgres(DatabaseTransaction),
    Sqlite(SqliteUnit),
}

/// Runs to its end even if nobody waits for it any more: a connection must not go back with an open transaction.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where PostgreSQL transactions are opened"
)]
async fn begin(pool: DatabaseConnection) -> Result<DatabaseTransaction, Failure> {
    let begun = tokio::spawn(async move { pool.begin().await }).await;
    begun.map_err(Failure::internal)?.map_err(failed)
}

impl UnitOfWork {
    /// Opens a transaction in the module's database. `now` is the time of everything that happens in it.
    pub async fn begin(database: &Database, now: Timestamp) -> Result<Self, Failure> {
        database.count();
        let transaction = match database.writer() {
            Writer::Postgres(pool) => Transaction::Postgres(begin(pool.clone()).await?),
            Writer::Sqlite(writer) => Transaction::Sqlite(writer.begin().await?),
        };
        let (published, failed) = (Mutex::default(), AtomicBool::new(false));
        Ok(Self { transaction, database: database.clone(), now, trace: None, published, failed })
    }

    /// Puts what is published into a trace.
    pub fn traced(mut self, trace: TraceContext) -> Self {
        self.trace = Some(trace);
        self
    }

    /// The time of everything that happens in it.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The database it is of.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Has `PostgreSQL` look rows up one by one, as `SQLite` does: it knows little about queues, which are empty one moment
    /// and long the next, and would read them whole.
    pub(crate) async fn by_index(&self) -> Result<(), Failure> {
        const SET: &str = "SELECT set_config('enable_seqscan', 'off', TRUE), set_config('enable_hashjoin', 'off', TRUE), \
                           set_config('enable_mergejoin', 'off', TRUE)";
        if self.database.is_shared() {
            self.query(SET, Vec::new()).await?;
        }
        Ok(())
    }

    /// Tells an event to whoever subscribed, once the unit of work is committed, and never if it is not.
    pub async fn publish<E: Event>(&self, event: &E) -> Result<(), Failure> {
        let subscriptions = outbox::write(self, event, self.trace).await?;
        self.published.lock().unwrap_or_else(PoisonError::into_inner).extend(subscriptions);
        Ok(())
    }

    /// Makes everything in it lasting. When this fails it is not known whether it did.
    ///
    /// After a statement failed it is refused: `PostgreSQL` would roll back and say nothing.
    pub async fn commit(self) -> Result<(), Failure> {
        if self.failed.into_inner() {
            return Err(Failure::internal("a statement of the unit of work failed").not_executed());
        }
        self.database.count();
        match self.transaction {
            Transaction::Postgres(transaction) => {
                transaction.commit().await.map_err(Failure::unavailable)?;
            }
            Transaction::Sqlite(unit) => unit.commit().await?,
        }
        let published = self.published.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.database.relays().wake(published.iter().map(String::as_str));
        Ok(())
    }
}

impl Sql for UnitOfWork {
    fn executor(&self) -> DatabaseExecutor<'_> {
        match &self.transaction {
            Transaction::Postgres(transaction) => transaction.into(),
            Transaction::Sqlite(unit) => (&unit.savepoint).into(),
        }
    }

    fn count(&self) {
        self.database.count();
    }

    fn note_failed(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }
}
