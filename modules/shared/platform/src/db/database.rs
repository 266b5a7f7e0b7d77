use std::fmt;
use std::sync::Arc;

use kernel::{Failure, ModuleName};
use sea_orm::Value;

use super::chain::Chain;
use super::group::SqliteWriter;
use super::live::failed;
use super::pool::Pool;
use super::sql::{Row, Sql};
use crate::events::Wakers;

/// A module's own database. Cheap to clone; reads go here, writes through a [`crate::UnitOfWork`].
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    module: ModuleName,
    reader: Pool,
    writer: Writer,
    relays: Wakers,
    workers: Wakers,
    statements: metrics::Counter,
}

pub(crate) enum Writer {
    Postgres(Pool),
    Sqlite(SqliteWriter),
}

impl Database {
    pub(super) fn new(module: ModuleName, reader: Pool, writer: Writer) -> Self {
        let statements =
            metrics::counter!("galleria_sql_statements_total", "module" => module.to_string());
        Self(Arc::new(Inner {
            module,
            reader,
            writer,
            relays: Wakers::default(),
            workers: Wakers::default(),
            statements,
        }))
    }

    /// Whose it is.
    pub fn module(&self) -> &ModuleName {
        &self.0.module
    }

    /// Whether several processes may work on it side by side.
    pub fn is_shared(&self) -> bool {
        matches!(self.0.writer, Writer::Postgres(_))
    }

    /// Locks the rows of a `SELECT` that nobody else holds, where several processes work side by side.
    pub fn skip_locked(&self) -> &'static str {
        if self.is_shared() { " FOR UPDATE SKIP LOCKED" } else { "" }
    }

    /// Locks the rows of a `SELECT` in the order of a column, where several processes work side by side: two that want the same
    /// rows then don't wait for each other in a circle.
    pub fn lock_in_order(&self, column: &str) -> String {
        if self.is_shared() { format!(" ORDER BY {column} FOR UPDATE") } else { String::new() }
    }

    /// The texts of a JSON array that is parameter `$n`, for `IN` and `FROM`, as `value`. However many they are, they are
    /// one parameter: a statement with thousands takes longer to bind than to run.
    pub(crate) fn texts(&self, n: usize) -> String {
        if self.is_shared() {
            format!("(SELECT value FROM jsonb_array_elements_text(CAST(${n} AS jsonb)))")
        } else {
            format!("(SELECT value FROM json_each(${n}))")
        }
    }

    /// The arrays of a JSON array that is parameter `$n`, for `FROM`; their parts are `value ->> 0`, `value ->> 1`, ….
    pub(crate) fn arrays(&self, n: usize) -> String {
        if self.is_shared() {
            format!("jsonb_array_elements(CAST(${n} AS jsonb))")
        } else {
            format!("json_each(${n})")
        }
    }

    /// Joins a table so that its rows are looked up for each row before it, and never the other way round, however few rows
    /// `PostgreSQL` believes there to be.
    pub(crate) fn for_each(&self, (table, alias): (&str, &str), condition: &str) -> String {
        if self.is_shared() {
            // The offset keeps the planner from looking into it.
            format!(
                " CROSS JOIN LATERAL (SELECT {alias}.* FROM {table} {alias} WHERE {condition} OFFSET 0) AS {alias} "
            )
        } else {
            format!(" CROSS JOIN {table} {alias} ON {condition} ")
        }
    }

    /// Runs a statement that needs no other beside it, and says how many rows it changed. What it wrote is lasting then; when
    /// this fails it is not known whether it is.
    pub async fn run(&self, sql: &str, params: Vec<Value>) -> Result<u64, Failure> {
        self.count();
        match &self.0.writer {
            Writer::Postgres(pool) => {
                let mut borrowed = pool.borrow().await?;
                let rows = borrowed.live()?.run(sql, params).await.map_err(failed)?;
                borrowed.hand_back();
                Ok(rows)
            }
            Writer::Sqlite(writer) => {
                let mut unit = writer.begin().await?;
                let rows = unit.live()?.run(sql, params).await.map_err(failed)?;
                unit.commit().await?;
                Ok(rows)
            }
        }
    }

    /// Runs a chain that needs no other statement beside it. What it wrote is lasting then; when this fails it is not known
    /// whether it is. Where it returns nothing, what kept it from that is lasting too.
    pub async fn chain(&self, chain: Chain) -> Result<Option<Row>, Failure> {
        self.count_chain(&chain);
        match &self.0.writer {
            Writer::Postgres(pool) => {
                let mut borrowed = pool.borrow().await?;
                let rows = borrowed.live()?.chain(chain).await.map_err(failed)?;
                borrowed.hand_back();
                Ok(rows.into_iter().next())
            }
            Writer::Sqlite(writer) => {
                let mut unit = writer.begin().await?;
                let rows = unit.live()?.chain(chain).await.map_err(failed)?;
                unit.commit().await?;
                Ok(rows.into_iter().next())
            }
        }
    }

    /// Counts a statement.
    pub(super) fn count(&self) {
        self.0.statements.increment(1);
    }

    /// Counts the statements that a chain is here.
    pub(super) fn count_chain(&self, chain: &Chain) {
        self.0.statements.increment(if self.is_shared() { 1 } else { chain.steps() });
    }

    /// Waits until everything is committed that units of work saw which ended without a commit, so that no read shows less.
    async fn settled(&self) -> Result<(), Failure> {
        match &self.0.writer {
            Writer::Postgres(_) => Ok(()),
            Writer::Sqlite(writer) => writer.settled().await,
        }
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.0.writer
    }

    /// The relays of the subscriptions to this module's events.
    pub(crate) fn relays(&self) -> &Wakers {
        &self.0.relays
    }

    /// The workers of this module's subscriptions.
    pub(crate) fn workers(&self) -> &Wakers {
        &self.0.workers
    }
}

impl Sql for Database {
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Row>, Failure> {
        self.count();
        self.settled().await?;
        let mut borrowed = self.0.reader.borrow().await?;
        let rows = borrowed.live()?.query(sql, params).await.map_err(failed)?;
        borrowed.hand_back();
        Ok(rows)
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({})", self.0.module)
    }
}
