//! A module's own database, on either engine.

mod chain;
mod database;
mod group;
mod live;
mod migrate;
mod open;
mod params;
mod pool;
mod postgres;
mod prepared;
mod sql;
mod sqlite;
mod unsettled;
mod uow;
mod url;

pub use chain::{Chain, FIRST, Statement};
pub use database::Database;
pub use live::is_taken;
pub use open::OpenError;
pub use params::Param;
pub use postgres::{PoolSettings, PostgresServer};
pub use sql::{Row, Sql, decoded, parsed, placeholders};
pub use sqlite::SqliteDirectory;
pub use uow::UnitOfWork;
pub use url::DatabaseUrl;
