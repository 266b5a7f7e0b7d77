//! The journeys, each a sentence that holds in every placement.
#![expect(clippy::missing_panics_doc, reason = "a journey fails by panicking")]

pub mod buying;
pub mod carts;
pub mod keys;
pub mod oversell;
pub mod provider;
pub mod totals;
