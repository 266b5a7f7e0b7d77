use std::collections::BTreeSet;

use super::database::Database;
use super::open::OpenError;
use super::sql::Sql as _;
use super::uow::UnitOfWork;
use kernel::{Failure, ModuleName, Timestamp};
use migrations::Migration;

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS migration (name key_text NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)";

/// Brings a database's schema up to date in one transaction. Steps of a later release are left alone.
pub(super) async fn migrated(database: &Database, now: Timestamp) -> Result<(), OpenError> {
    let module = database.module();
    let failed = |name: &'static str| {
        move |source| OpenError::Migration {
            module: module.to_string(),
            migration: name.to_owned(),
            source,
        }
    };
    let uow = UnitOfWork::begin(database, now).await.map_err(failed("begin"))?;
    let applied = applied(&uow).await.map_err(failed("history"))?;
    for step in steps(module).filter(|step| !applied.contains(step.name)) {
        uow.script(step.sql).await.map_err(failed(step.name))?;
        let note = "INSERT INTO migration (name, applied_at) VALUES ($1, $2)";
        uow.run(note, crate::params![step.name, now]).await.map_err(failed(step.name))?;
        tracing::info!(module.name = %module, migration = step.name, "migrated {module} to {}", step.name);
    }
    uow.commit().await.map_err(failed("commit"))
}

async fn applied(uow: &UnitOfWork) -> Result<BTreeSet<String>, Failure> {
    uow.script(HISTORY).await?;
    let rows = uow.query("SELECT name FROM migration", Vec::new()).await?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(Failure::internal)).collect()
}

pub(super) fn steps(module: &ModuleName) -> impl Iterator<Item = &'static Migration> {
    migrations::PLATFORM.iter().chain(migrations::of(module.as_str()))
}
