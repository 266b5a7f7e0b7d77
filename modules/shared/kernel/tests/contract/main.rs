//! What every contract promises, shown on a small one: the same in one process and between two.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod cancellation;
mod cost;
mod described;
mod equal;
mod faked;
mod layers;
mod over;
mod retried;
mod streamed;
