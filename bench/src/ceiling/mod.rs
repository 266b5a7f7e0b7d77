//! What the database itself can do: the rows of a purchase, written by hand.

mod postgres;
mod rows;
mod sqlite;

pub(crate) use postgres::Postgres;
pub(crate) use rows::{ROWS, Transactions};
pub(crate) use sqlite::sqlite;
