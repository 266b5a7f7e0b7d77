//! A module's own database, on either engine.

mod database;
mod group;
mod migrate;
mod open;
mod params;
mod postgres;
mod prepared;
mod sql;
mod sqlite;
mod uow;
mod url;

pub use database::Database;
pub use open::OpenError;
pub use params::Param;
pub use postgres::{PoolSettings, PostgresServer};
pub use sql::{Row, Sql, parsed, placeholders};
pub use sqlite::SqliteDirectory;
pub use uow::UnitOfWork;
pub use url::DatabaseUrl;
