use kernel::Failure;
use platform::{FromQueryResult, Param, Sql, UnitOfWork, Value, placeholders};

/// The most parameters of a statement. `SQLite` walks through all that came before to bind one, so that few are fast.
const MOST_PARAMETERS: usize = 300;
/// The most keys of a list.
const MOST_KEYS: usize = 200;

/// The rows whose key is one of many: `before` ends in the key's column, `after` follows the list.
pub(crate) async fn among<T: FromQueryResult + Send>(
    sql: &impl Sql,
    before: &str,
    keys: &[impl Param],
    after: &str,
) -> Result<Vec<T>, Failure> {
    let mut rows = Vec::new();
    for keys in keys.chunks(MOST_KEYS) {
        let select = format!("{before} IN {}{after}", placeholders(1, keys.len(), 1));
        rows.extend(sql.all::<T>(&select, keys.iter().map(Param::param).collect()).await?);
    }
    Ok(rows)
}

/// Removes the rows whose key is one of many.
pub(crate) async fn remove(
    uow: &UnitOfWork,
    before: &str,
    keys: &[impl Param],
) -> Result<(), Failure> {
    for keys in keys.chunks(MOST_KEYS) {
        let delete = format!("{before} IN {}", placeholders(1, keys.len(), 1));
        uow.run(&delete, keys.iter().map(Param::param).collect()).await?;
    }
    Ok(())
}

/// Writes many rows of so many columns: `before` ends in `VALUES`, `after` follows the rows.
pub(crate) async fn insert(
    uow: &UnitOfWork,
    (before, after): (&str, &str),
    columns: usize,
    values: Vec<Value>,
) -> Result<(), Failure> {
    let mut values = values.into_iter().peekable();
    while values.peek().is_some() {
        let chunk: Vec<Value> = values.by_ref().take(MOST_PARAMETERS / columns * columns).collect();
        let insert =
            format!("{before} {} {after}", placeholders(chunk.len() / columns, columns, 1));
        uow.run(&insert, chunk).await?;
    }
    Ok(())
}
