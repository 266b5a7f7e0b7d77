//! Compares what the modules know of each order, and finds what does not add up.

mod merge;
mod report;
mod rules;

pub use merge::{Merge, OrderKnown};
pub use report::{Report, examine};
pub use rules::findings;
