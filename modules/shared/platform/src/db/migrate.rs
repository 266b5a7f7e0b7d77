use std::collections::BTreeSet;

use kernel::{Failure, ModuleName, Timestamp};
use migrations::Migration;
use sea_orm::{ConnectionTrait, Statement};

use super::sql::failed;

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS migration (name key_text NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)";

/// A step that failed, and why.
pub(super) struct FailedStep {
    pub(super) name: &'static str,
    pub(super) cause: Failure,
}

/// Brings a module's schema up to date, inside the transaction of the connection. Steps of a later release are left alone.
pub(super) async fn migrate(
    connection: &impl ConnectionTrait,
    module: &ModuleName,
    now: Timestamp,
) -> Result<(), FailedStep> {
    let history = |cause| FailedStep { name: "history", cause: failed(cause) };
    connection.execute_unprepared(HISTORY).await.map_err(history)?;
    let backend = connection.get_database_backend();
    let applied = connection
        .query_all_raw(Statement::from_string(backend, "SELECT name FROM migration"))
        .await;
    let applied: BTreeSet<String> = applied
        .and_then(|rows| rows.iter().map(|row| row.try_get_by_index(0)).collect())
        .map_err(history)?;
    for step in steps(module).filter(|step| !applied.contains(step.name)) {
        let failed = |cause| FailedStep { name: step.name, cause: failed(cause) };
        connection.execute_unprepared(step.sql).await.map_err(failed)?;
        let note = "INSERT INTO migration (name, applied_at) VALUES ($1, $2)";
        let note = Statement::from_sql_and_values(backend, note, crate::params![step.name, now]);
        connection.execute_raw(note).await.map_err(failed)?;
        tracing::info!(module.name = %module, migration = step.name, "migrated {module} to {}", step.name);
    }
    Ok(())
}

pub(super) fn steps(module: &ModuleName) -> impl Iterator<Item = &'static Migration> {
    migrations::PLATFORM.iter().chain(migrations::of(module.as_str()))
}
