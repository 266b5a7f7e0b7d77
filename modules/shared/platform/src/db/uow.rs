use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use kernel::{Event, Failure, Timestamp, TraceContext};
use sea_orm::Value;
use tokio::sync::Mutex;

use super::chain::Chain;
use super::database::{Database, Writer};
use super::group::SqliteUnit;
use super::live::{Live, failed};
use super::pool::Borrowed;
use super::sql::{Row, Sql};
use crate::events::outbox;

/// A transaction of one module that carries its outbox: what it publishes is committed with what it writes.
///
/// Dropped without [`commit`](Self::commit), it changes nothing. It is never held across a contract call.
#[must_use = "a unit of work that is dropped changes nothing"]
pub struct UnitOfWork {
    transaction: Mutex<Transaction>,
    database: Database,
    now: Timestamp,
    trace: Option<TraceContext>,
    published: std::sync::Mutex<Vec<String>>,
    failed: AtomicBool,
}

enum Transaction {
    Postgres(Borrowed),
    Sqlite(SqliteUnit),
}

impl Transaction {
    async fn begin(writer: &Writer) -> Result<Self, Failure> {
        Ok(match writer {
            Writer::Postgres(pool) => {
                let mut borrowed = pool.borrow().await?;
                borrowed.live()?.script("BEGIN").await.map_err(failed)?;
                Self::Postgres(borrowed)
            }
            Writer::Sqlite(writer) => Self::Sqlite(writer.begin().await?),
        })
    }

    fn live(&mut self) -> Result<&mut Live, Failure> {
        match self {
            Self::Postgres(borrowed) => borrowed.live(),
            Self::Sqlite(unit) => unit.live(),
        }
    }

    async fn commit(self) -> Result<(), Failure> {
        match self {
            Self::Postgres(mut borrowed) => {
                borrowed.live()?.script("COMMIT").await.map_err(Failure::unavailable)?;
                borrowed.hand_back();
                Ok(())
            }
            Self::Sqlite(unit) => unit.commit().await,
        }
    }
}

impl UnitOfWork {
    /// Opens a transaction in the module's database. `now` is the time of everything that happens in it.
    pub async fn begin(database: &Database, now: Timestamp) -> Result<Self, Failure> {
        database.count();
        let transaction = Mutex::new(Transaction::begin(database.writer()).await?);
        let (published, failed) = (std::sync::Mutex::default(), AtomicBool::new(false));
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
    /// and long the next, and would read them whole, or go on with the plan that it made for the empty one.
    pub(crate) async fn by_index(&self) -> Result<(), Failure> {
        const SET: &str = "SELECT set_config('enable_seqscan', 'off', TRUE), set_config('enable_hashjoin', 'off', TRUE), \
                           set_config('enable_mergejoin', 'off', TRUE), \
                           set_config('plan_cache_mode', 'force_custom_plan', TRUE)";
        if self.database.is_shared() {
            self.query(SET, Vec::new()).await?;
        }
        Ok(())
    }

    /// Tells an event to whoever subscribed, once the unit of work is committed, and never if it is not.
    pub async fn publish<E: Event>(&self, event: &E) -> Result<(), Failure> {
        let trace = self.trace.map(TraceContext::passed_on).or_else(TraceContext::here);
        let subscriptions = outbox::write(self, event, trace).await?;
        self.published.lock().unwrap_or_else(PoisonError::into_inner).extend(subscriptions);
        Ok(())
    }

    /// Runs a statement and says how many rows it changed.
    pub async fn run(&self, sql: &str, params: Vec<Value>) -> Result<u64, Failure> {
        self.database.count();
        self.statement(async |live| live.run(sql, params).await).await
    }

    /// Runs a chain, and gives the row that its last statement returned.
    pub async fn chain(&self, chain: Chain) -> Result<Option<Row>, Failure> {
        self.database.count_chain(&chain);
        let rows = self.statement(async |live| live.chain(chain).await).await?;
        Ok(rows.into_iter().next())
    }

    /// Runs statements without parameters, one after the other.
    pub(crate) async fn script(&self, sql: &str) -> Result<(), Failure> {
        self.database.count();
        self.statement(async |live| live.script(sql).await).await
    }

    /// After one failed no other runs: `SQLite` may have given up the transaction, and would take each by itself.
    async fn statement<T>(
        &self,
        run: impl AsyncFnOnce(&mut Live) -> Result<T, sqlx::Error>,
    ) -> Result<T, Failure> {
        self.check()?;
        let mut transaction = self.transaction.lock().await;
        let done = run(transaction.live()?).await;
        done.inspect_err(|_| self.failed.store(true, Ordering::Relaxed)).map_err(failed)
    }

    fn check(&self) -> Result<(), Failure> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Failure::internal("a statement of the unit of work failed").not_executed());
        }
        Ok(())
    }

    /// Makes everything in it lasting. When this fails it is not known whether it did.
    ///
    /// After a statement failed it is refused: `PostgreSQL` would roll back and say nothing.
    pub async fn commit(self) -> Result<(), Failure> {
        self.check()?;
        self.database.count();
        self.transaction.into_inner().commit().await?;
        let published = self.published.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.database.relays().wake(published.iter().map(String::as_str));
        Ok(())
    }
}

impl Sql for UnitOfWork {
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Row>, Failure> {
        self.database.count();
        self.statement(async |live| live.query(sql, params).await).await
    }
}
