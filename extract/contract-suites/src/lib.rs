//! What each business contract promises to its callers, as sentences that are tried on whatever keeps it: the module in this
//! process or in another one, its fake, whatever is between. They know contracts and no implementation.
//!
//! Sentences share what they are tried on, side by side, so each makes what it needs under ids of its own.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests stand on it")]

pub mod carts;
pub mod catalog;
mod fresh;
mod goods;
pub mod inventory;
pub mod orders;
mod outcomes;
mod pages;
pub mod payments;
pub mod recommendations;
pub mod shipping;
mod suite;
pub mod users;

pub use suite::{Sentence, Suite};
