//! What tests stand on: a database of their own on either engine, a broker, and a clock they set.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "tests stand on it"
)]

mod after;
mod clock;
mod containers;
mod cut;
mod engines;
mod installed;
mod nats;
mod postgres;
mod wait;

pub use clock::ManualClock;
pub use cut::cut_off;
pub use engines::{TestDatabase, TestServer, on_each_engine, on_each_server};
pub use nats::{OwnNats, TestNats, nats, own_nats};
pub use postgres::{TestPostgres, postgres, postgres_on_another_server};
pub use wait::until;
