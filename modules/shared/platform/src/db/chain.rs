use std::fmt::Write as _;

use sea_orm::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, Row as _, TypeInfo as _, ValueRef as _};

use super::sql::placeholders;

/// By what name the later statements of a [`Chain`] read what the first one returned, as a table.
pub const FIRST: &str = "first";

/// A statement and what it is given.
pub type Statement = (String, Vec<Value>);

/// Statements that happen together: on `PostgreSQL` they are one, and one round trip.
///
/// Each of the later ones selects from [`FIRST`], so it does nothing where the first one returned no row. None may need the
/// effect of another: on `PostgreSQL` each sees the tables as they were before all of them.
#[derive(Debug)]
#[must_use = "a chain that is not run does nothing"]
pub struct Chain {
    first: Statement,
    then: Vec<Statement>,
    gives_first: bool,
}

impl Chain {
    /// Begins with the statement that decides whether the others happen.
    pub fn of(sql: &str, params: Vec<Value>) -> Self {
        Self { first: (sql.to_owned(), params), then: Vec::new(), gives_first: false }
    }

    /// Goes on with one that selects from [`FIRST`]. What the last one returns is what the chain returns.
    pub fn then(mut self, statement: Statement) -> Self {
        self.then.push(statement);
        self
    }

    /// Returns what the first one returned, whatever comes after it.
    pub fn giving_first(mut self) -> Self {
        self.gives_first = true;
        self
    }

    /// The statement that decides, the others in their order, and whether what the first returns is what the chain returns.
    pub(super) fn into_steps(self) -> (Statement, Vec<Statement>, bool) {
        (self.first, self.then, self.gives_first)
    }

    /// All of it as one statement.
    pub(super) fn into_one(self) -> Statement {
        let Self { first: (mut sql, mut params), mut then, gives_first } = self;
        if gives_first {
            then.push((format!("SELECT * FROM {FIRST}"), Vec::new()));
        }
        let Some((last, between)) = then.split_last() else { return (sql, params) };
        sql = format!("WITH {FIRST} AS ({sql})");
        for (number, (step, given)) in between.iter().enumerate() {
            let _ = write!(sql, ", step_{number} AS ({})", renumbered(step, params.len()));
            params.extend_from_slice(given);
        }
        let _ = write!(sql, " {}", renumbered(&last.0, params.len()));
        params.extend_from_slice(&last.1);
        (sql, params)
    }

    /// How many statements it is on an engine that has to run them one by one.
    pub(super) fn steps(&self) -> u64 {
        1 + self.then.len() as u64
    }
}

/// The same statement with its parameters behind so many others.
fn renumbered(sql: &str, others: usize) -> String {
    let mut parts = sql.split('$');
    let mut renumbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let _ = match number.parse::<usize>() {
            Ok(number) => write!(renumbered, "${}{rest}", number + others),
            Err(_) => write!(renumbered, "${part}"),
        };
    }
    renumbered
}

/// A statement that finds these rows in [`FIRST`].
pub(super) fn after(
    rows: &[SqliteRow],
    (sql, mut params): Statement,
) -> Result<Statement, sqlx::Error> {
    let names = rows.first().map(|row| row.columns().iter().map(|it| format!("\"{}\"", it.name())));
    let names: Vec<String> = names.into_iter().flatten().collect();
    let mut with = format!("WITH {FIRST} ({}) AS (VALUES ", names.join(", "));
    with.push_str(&placeholders(rows.len(), names.len(), params.len() + 1));
    for row in rows {
        for column in 0..names.len() {
            params.push(value(row, column)?);
        }
    }
    Ok((format!("{with}) {sql}"), params))
}

/// What stands in a column, as a parameter.
fn value(row: &SqliteRow, column: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(column)?;
    let (is_null, kind) = (raw.is_null(), raw.type_info().name().to_owned());
    Ok(match kind.as_str() {
        _ if is_null => Value::String(None),
        "TEXT" => row.try_get::<String, _>(column)?.into(),
        _ => row.try_get_unchecked::<i64, _>(column)?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_a_chain_are_numbered_through() {
        let first =
            Chain::of("UPDATE a SET b = $2 WHERE c = $1 RETURNING b", vec![1.into(), 2.into()]);
        let chain = first
            .then((format!("INSERT INTO d SELECT $1, b FROM {FIRST}"), vec![3.into()]))
            .then((
                format!("DELETE FROM e USING {FIRST} WHERE f = $2 OR g = $1"),
                vec![4.into(), 5.into()],
            ));

        let (sql, params) = chain.into_one();

        assert_eq!(
            sql,
            "WITH first AS (UPDATE a SET b = $2 WHERE c = $1 RETURNING b), \
             step_0 AS (INSERT INTO d SELECT $3, b FROM first) DELETE FROM e USING first WHERE f = $5 OR g = $4"
        );
        assert_eq!(params, [1.into(), 2.into(), 3.into(), 4.into(), Value::from(5)]);
    }
}
