use std::fmt::Write as _;
use std::future::Future;
use std::str::FromStr;

use kernel::Failure;
use sea_orm::{DbErr, FromQueryResult, QueryResult, Value};

/// A row as it was read.
pub type Row = QueryResult;

/// Statements that run inside a module's own schema. `$1`, `$2`, … are the parameters, on both engines.
///
/// A database reads committed data; a unit of work reads its own writes as well.
pub trait Sql: Sync {
    /// All rows, undecoded.
    fn query(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, Failure>> + Send;

    /// All rows.
    fn all<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>, Failure>> + Send {
        let rows = self.query(sql, params);
        async {
            let rows = rows.await?;
            rows.iter().map(decoded).collect()
        }
    }

    /// The first row, if there is one.
    fn first<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Option<T>, Failure>> + Send {
        let rows = self.all::<T>(sql, params);
        async { Ok(rows.await?.into_iter().next()) }
    }

    /// The number in the only column of the only row.
    fn number(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<i64, Failure>> + Send {
        let rows = self.query(sql, params);
        async {
            let row = rows.await?.into_iter().next();
            let row = row.ok_or_else(|| Failure::internal("a query for a number had no row"))?;
            row.try_get_by_index(0).map_err(undecodable)
        }
    }
}

fn undecodable(error: DbErr) -> Failure {
    Failure::internal(error)
}

/// What a row holds.
pub fn decoded<T: FromQueryResult>(row: &Row) -> Result<T, Failure> {
    T::from_query_result(row, "").map_err(undecodable)
}

/// Reads what was stored as text; what does not parse is a broken store.
pub fn parsed<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    text: &str,
) -> Result<T, Failure> {
    text.parse().map_err(Failure::internal)
}

/// `($1, $2), ($3, $4)`: so many rows of so many parameters, for lists and for inserts of several rows.
pub fn placeholders(rows: usize, columns: usize, first: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let separator = if column == 0 { "" } else { ", " };
            let _ = write!(text, "{separator}${}", first + row * columns + column);
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_through_rows() {
        assert_eq!(placeholders(2, 2, 3), "($3, $4), ($5, $6)");
        assert_eq!(placeholders(1, 3, 1), "($1, $2, $3)");
    }
}
