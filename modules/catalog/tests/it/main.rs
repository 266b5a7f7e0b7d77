//! The module alone, on a real database of either engine, with a fake inventory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod categories;
mod demo;
mod editing;
mod imported;
mod imports;
mod imports_again;
mod lists;
mod names;
mod prices;
mod ranges;
mod shop;
mod skus;
