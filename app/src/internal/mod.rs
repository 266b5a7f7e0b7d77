//! The internal listener: health, metrics, and the contracts that this process serves to others, over HTTP.

mod addresses;
mod client;
mod head;
mod health;
mod keys;
mod replay;
mod routes;
mod served;
mod table;
#[cfg(test)]
mod tests;
mod token;

pub use addresses::Addresses;
pub use client::Client;
pub use head::CallHead;
pub use health::{Hosted, ModuleHealth, ready};
pub use keys::{KeyError, ServiceKeys};
pub use replay::Seen;
pub use routes::{Internal, router};
pub use table::Table;
pub use token::{Claims, Refused, issue, verify};
