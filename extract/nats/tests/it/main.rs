//! What every contract promises, kept over NATS.
#![expect(clippy::unwrap_used, reason = "tests")]

mod announced;
mod broker;
mod desk;
mod instances;
mod kept;
mod limits;
mod lost;
mod scripted;
mod stopping;
mod streams;
