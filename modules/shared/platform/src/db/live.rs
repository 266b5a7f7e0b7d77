use kernel::Failure;
use sea_orm::sea_query::Values;
use sea_orm::{QueryResult, Value};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _};

use super::chain::{Chain, Statement, Step, after};

/// An open connection to either engine.
#[derive(Debug)]
pub(crate) enum Live {
    Postgres(Box<PgConnection>),
    Sqlite(Box<SqliteConnection>),
}

impl Live {
    /// All rows, undecoded.
    pub(super) async fn query(
        &mut self,
        sql: &str,
        params: Vec<Value>,
    ) -> Result<Vec<QueryResult>, sqlx::Error> {
        let (sql, params) = (AssertSqlSafe(sql), SqlxValues(Values(params)));
        Ok(match self {
            Self::Postgres(connection) => {
                let rows = sqlx::query_with(sql, params).fetch_all(&mut **connection).await?;
                rows.into_iter().map(Into::into).collect()
            }
            Self::Sqlite(connection) => {
                let rows = sqlx::query_with(sql, params).fetch_all(&mut **connection).await?;
                rows.into_iter().map(Into::into).collect()
            }
        })
    }

    /// What the last statement of a chain returned.
    pub(super) async fn chain(&mut self, chain: Chain) -> Result<Vec<QueryResult>, sqlx::Error> {
        let Self::Sqlite(connection) = self else {
            let (sql, params) = chain.into_one();
            return self.query(&sql, params).await;
        };
        let (steps, gives_first) = chain.into_steps();
        let (mut named, mut last) = (Vec::new(), Vec::new());
        for Step { name, statement } in steps {
            last = rows(connection, after(&named, statement)?).await?;
            if let Some(name) = name {
                if last.is_empty() {
                    break;
                }
                named.push((name, std::mem::take(&mut last)));
            }
        }
        let first = named.into_iter().next().filter(|_| gives_first);
        let given = first.map_or(last, |(_, first)| first);
        Ok(given.into_iter().map(Into::into).collect())
    }

    /// How many rows a statement changed.
    pub(super) async fn run(&mut self, sql: &str, params: Vec<Value>) -> Result<u64, sqlx::Error> {
        let (sql, params) = (AssertSqlSafe(sql), SqlxValues(Values(params)));
        Ok(match self {
            Self::Postgres(connection) => {
                sqlx::query_with(sql, params).execute(&mut **connection).await?.rows_affected()
            }
            Self::Sqlite(connection) => {
                sqlx::query_with(sql, params).execute(&mut **connection).await?.rows_affected()
            }
        })
    }

    /// Runs statements without parameters and without answers, one after the other.
    pub(super) async fn script(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let script = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Postgres(connection) => script.execute(&mut **connection).await.map(drop),
            Self::Sqlite(connection) => script.execute(&mut **connection).await.map(drop),
        }
    }

    /// Asks whether somebody is there.
    pub(super) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(connection) => connection.ping().await,
            Self::Sqlite(connection) => connection.ping().await,
        }
    }
}

async fn rows(
    connection: &mut SqliteConnection,
    (sql, params): Statement,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(Values(params)));
    query.fetch_all(connection).await
}

/// What the database says when it fails. A lost connection leaves open whether the statement ran.
pub(super) fn failed(error: sqlx::Error) -> Failure {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => Failure::unavailable(error),
        error => Failure::internal(error),
    }
}

/// Whether a statement failed because a row with the same unique columns is there.
pub fn is_taken(failure: &Failure) -> bool {
    let source = std::error::Error::source(failure);
    let error = source.and_then(|source| source.downcast_ref::<sqlx::Error>());
    error
        .and_then(sqlx::Error::as_database_error)
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
