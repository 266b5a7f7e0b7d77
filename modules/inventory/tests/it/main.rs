//! The module alone, on a real database of either engine.
#![expect(clippy::unwrap_used, reason = "tests")]

mod reserving;
