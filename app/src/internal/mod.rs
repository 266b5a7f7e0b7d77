//! The internal listener: health, metrics, and the contracts that this process serves to others, over HTTP.

mod addresses;
mod client;
mod health;
mod routes;
mod served;
mod table;
#[cfg(test)]
mod tests;

pub use extract_wire::{CallHead, KeyError, Seen, ServiceKeys, issue, verify};

pub use addresses::Addresses;
pub use client::Client;
pub use health::{Hosted, ModuleHealth, ready};
pub use routes::{Internal, router};
pub use table::Table;
