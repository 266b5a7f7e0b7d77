//! What tests stand on: a database of their own on either engine, and a clock they set.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests stand on it"
)]

mod clock;
mod engines;
mod postgres;

pub use clock::ManualClock;
pub use engines::{TestDatabase, on_each_engine};
pub use postgres::{TestPostgres, postgres};
