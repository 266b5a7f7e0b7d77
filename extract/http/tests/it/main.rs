//! What every contract promises, kept over HTTP.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod callers;
mod desk;
mod instances;
mod limits;
mod lost;
mod outcomes;
mod shelf;
mod streams;
mod tokens;
