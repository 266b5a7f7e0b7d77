//! Payments and the sandbox together, each on a real database of its own, of either engine.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod cost;
mod crashing;
mod record;
mod stage;
mod tokens;
