//! The module alone, on a real database of either engine, with a provider that does what the test says.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod authorizing;
mod capturing;
mod judge;
mod refunding;
mod seeing;
mod stage;
mod sweeping;
mod voiding;
