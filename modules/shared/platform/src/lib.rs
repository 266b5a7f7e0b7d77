//! What every module stands on: a database of its own, the unit of work with its outbox, inbox and sagas.

mod db;
mod events;
pub mod fault;
pub mod jobs;
pub mod ops;
pub mod saga;

pub use db::{
    Chain, Database, DatabaseUrl, FIRST, OpenError, Param, PoolSettings, PostgresServer, Row, Sql,
    SqliteDirectory, Statement, UnitOfWork, decoded, is_taken, parsed, placeholders,
};
pub use events::{
    EventError, EventSettings, Handler, Inbox, ModuleEvents, Neighbour, Offered, Relay,
    RunningEvents, Subscriber, Sweeper, Taken, Worker, local_inbox, on, remote_inbox,
    start as start_events,
};
pub use sea_orm::{FromQueryResult, Value};
