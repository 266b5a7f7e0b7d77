//! Cuts a product CSV of any length into the parts that `catalog` takes, in constant memory.

mod record;
mod splitter;
#[cfg(test)]
mod tests;
mod total;

pub use splitter::{Splitter, Unsplittable};
pub use total::Total;
