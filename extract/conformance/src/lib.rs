//! What every contract promises between processes, as sentences that the tests of each transport run: see [`sentences`].
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stand on it"
)]

mod answering;
pub mod callers;
pub mod cost;
mod desk;
mod faulty;
mod in_memory;
pub mod limits;
mod noted;
pub mod outcomes;
mod sentences;
mod shelf;
mod slow;
pub mod streams;
pub mod tokens;
mod told;
mod way;

pub use desk::{Callee, Desk, layered, once};
pub use faulty::Faulty;
pub use in_memory::InMemory;
pub use noted::Noted;
pub use shelf::{
    FakeShelf, LOOK, Look, PUT, Put, SEEN, Seen, Shelf, ShelfRefusal, call, long_call,
};
pub use slow::Slow;
pub use told::{told, told_of};
pub use way::{Patience, Reached, Shown, Way};
