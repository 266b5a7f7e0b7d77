//! The journeys, each a sentence that holds in every placement.
#![expect(clippy::missing_panics_doc, reason = "a journey fails by panicking")]

pub mod buying;
pub mod carts;
pub mod claims;
pub mod cost;
pub mod crash;
pub mod degradation;
pub mod import;
pub mod instances;
pub mod keys;
pub mod kills;
pub mod lifecycle;
pub mod logins;
pub mod nasty;
pub mod operating;
pub mod oversell;
pub mod provider;
pub mod replacing;
pub mod strangers;
pub mod totals;
