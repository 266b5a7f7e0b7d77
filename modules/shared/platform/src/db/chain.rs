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
/// Each of the later ones selects from the last one before it that has a name, of which the first is [`FIRST`], so it does
/// nothing where that returned no row. None may need the effect of another: on `PostgreSQL` each sees the tables as they were
/// before all of them.
#[derive(Debug)]
#[must_use = "a chain that is not run does nothing"]
pub struct Chain {
    steps: Vec<Step>,
    gives_first: bool,
}

/// A statement of a chain, and by what name those after it read what it returned.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: Option<&'static str>,
    pub(super) statement: Statement,
}

impl Chain {
    /// Begins with the statement that decides whether the others happen.
    pub fn of(sql: &str, params: Vec<Value>) -> Self {
        let first = Step { name: Some(FIRST), statement: (sql.to_owned(), params) };
        Self { steps: vec![first], gives_first: false }
    }

    /// Goes on with another statement. What the last one returns is what the chain returns.
    pub fn then(mut self, statement: Statement) -> Self {
        self.steps.push(Step { name: None, statement });
        self
    }

    /// Goes on with another statement, and what it returns is a table of that name to those after it.
    pub fn then_as(mut self, name: &'static str, statement: Statement) -> Self {
        self.steps.push(Step { name: Some(name), statement });
        self
    }

    /// Returns what the first one returned, whatever comes after it.
    pub fn giving_first(mut self) -> Self {
        self.gives_first = true;
        self
    }

    /// Its statements in their order, and whether what the first returns is what the chain returns.
    pub(super) fn into_steps(mut self) -> (Vec<Step>, bool) {
        if let (false, Some(last)) = (self.gives_first, self.steps.last_mut()) {
            last.name = None; // nobody comes to read it
        }
        (self.steps, self.gives_first)
    }

    /// All of it as one statement.
    pub(super) fn into_one(self) -> Statement {
        let (mut steps, gives_first) = self.into_steps();
        if gives_first {
            steps.push(Step { name: None, statement: (format!("SELECT * FROM {FIRST}"), vec![]) });
        }
        let Some(Step { statement: (last, given_last), .. }) = steps.pop() else {
            return Statement::default();
        };
        let (mut with, mut params) = (Vec::with_capacity(steps.len()), Vec::new());
        for (number, Step { name, statement: (sql, given) }) in steps.into_iter().enumerate() {
            let name = name.map_or_else(|| format!("step_{number}"), str::to_owned);
            with.push(format!("{name} AS ({})", renumbered(&sql, params.len())));
            params.extend(given);
        }
        let last = renumbered(&last, params.len());
        params.extend(given_last);
        (behind(&with, &last), params)
    }

    /// How many statements it is on an engine that has to run them one by one.
    pub(super) fn steps(&self) -> u64 {
        self.steps.len() as u64
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

/// A statement that finds the rows of those before it under their names.
pub(super) fn after(
    named: &[(&str, Vec<SqliteRow>)],
    (sql, mut params): Statement,
) -> Result<Statement, sqlx::Error> {
    let mut tables = Vec::with_capacity(named.len());
    for (table, rows) in named {
        let columns = rows.first().map(SqliteRow::columns).unwrap_or_default();
        let heads: Vec<String> = columns.iter().map(|it| format!("\"{}\"", it.name())).collect();
        let values = placeholders(rows.len(), heads.len(), params.len() + 1);
        tables.push(format!("{table} ({}) AS (VALUES {values})", heads.join(", ")));
        for row in rows {
            for column in 0..heads.len() {
                params.push(value(row, column)?);
            }
        }
    }
    Ok((behind(&tables, &sql), params))
}

/// A statement that can read these tables.
fn behind(tables: &[String], sql: &str) -> String {
    if tables.is_empty() { sql.to_owned() } else { format!("WITH {} {sql}", tables.join(", ")) }
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
            .then_as(
                "gone",
                (
                    format!("DELETE FROM e USING {FIRST} WHERE f = $2 OR g = $1 RETURNING f"),
                    vec![4.into(), 5.into()],
                ),
            )
            .then(("SELECT f, $1 FROM gone".to_owned(), vec![6.into()]));

        let (sql, params) = chain.into_one();

        assert_eq!(
            sql,
            "WITH first AS (UPDATE a SET b = $2 WHERE c = $1 RETURNING b), \
             step_1 AS (INSERT INTO d SELECT $3, b FROM first), \
             gone AS (DELETE FROM e USING first WHERE f = $5 OR g = $4 RETURNING f) SELECT f, $6 FROM gone"
        );
        assert_eq!(params, [1, 2, 3, 4, 5, 6].map(Value::from));
    }
}
