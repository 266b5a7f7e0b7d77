//! `recommendations-python` serves its contract from the exported documents alone, and nothing tells it from ours.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod calling;
mod events;
mod module;
mod over_nats;
mod promises;
mod raw;
mod recommending;
mod strangers;
