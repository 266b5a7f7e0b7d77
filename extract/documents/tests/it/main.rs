//! The committed documents are those of the code, and what they promise is kept.
#![expect(clippy::unwrap_used, reason = "tests")]

mod committed;
mod described;
mod events;
mod exporting;
