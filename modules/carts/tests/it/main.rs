//! The module alone, on a real database of either engine, its neighbours faked.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod auditing;
mod claiming;
mod freezing;
mod lines;
mod neighbours;
mod owners;
mod races;
mod stage;
mod statements;
mod sweeping;
mod totals;
