use kernel::{Event, Failure, Timestamp, TraceContext};
use sea_orm::{DatabaseExecutor, DatabaseTransaction, TransactionTrait};
use std::sync::atomic::{AtomicBool, Ordering};

use super::database::{Database, Writer};
use super::sql::{Sql, failed};
use super::sqlite::SqliteUnit;
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
    published: AtomicBool,
}

enum Transaction {
    Postgres(DatabaseTransaction),
    Sqlite(SqliteUnit),
}

impl UnitOfWork {
    /// Opens a transaction in the module's database. `now` is the time of everything that happens in it.
    pub async fn begin(database: &Database, now: Timestamp) -> Result<Self, Failure> {
        database.count();
        let transaction = match database.writer() {
            Writer::Postgres(pool) => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the one place where PostgreSQL transactions are opened"
                )]
                let transaction = pool.begin().await.map_err(failed)?;
                Transaction::Postgres(transaction)
            }
            Writer::Sqlite(writer) => Transaction::Sqlite(writer.begin().await?),
        };
        let (database, published) = (database.clone(), AtomicBool::new(false));
        Ok(Self { transaction, database, now, trace: None, published })
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

    /// Tells an event to whoever subscribed, once the unit of work is committed, and never if it is not.
    pub async fn publish<E: Event>(&self, event: &E) -> Result<(), Failure> {
        outbox::write(self, event, self.trace).await?;
        self.published.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Makes everything in it lasting. When this fails it is not known whether it did.
    pub async fn commit(self) -> Result<(), Failure> {
        self.count();
        let Self { transaction, database, published, .. } = self;
        match transaction {
            Transaction::Postgres(transaction) => {
                transaction.commit().await.map_err(|error| Failure::unavailable(error))?
            }
            Transaction::Sqlite(unit) => unit.commit().await?,
        }
        if published.into_inner() {
            database.note_published();
        }
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
}
