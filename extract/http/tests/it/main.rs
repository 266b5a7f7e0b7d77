//! What every contract promises, kept over HTTP.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bodies;
mod desk;
mod events;
mod instances;
mod kept;
mod known;
mod lost;
mod meeting;
mod streams;
mod versions;
