//! Whether two versions of a contract or event get along, by their documents, and what breaks for whom.
//!
//! One rule holds everywhere: whatever one side may say, the other must be able to read. A reader ignores fields that
//! it does not know, does without those that it does not need, and takes unknown values where an enum is open. The
//! schema of a message is the one of its reader, so a field that may be left out counts as left out.

mod cases;
mod contracts;
mod events;
mod meet;
mod reading;
mod said;
mod values;
mod words;

pub use contracts::successor;
pub use events::event_successor;
pub use meet::meet;
pub use words::{Breaking, Changes, Met};
