//! What `catalog` promises.

mod categories;
mod changes;
mod imports;
mod products;
mod sentences;
mod stage;

pub use sentences::SUITE;
