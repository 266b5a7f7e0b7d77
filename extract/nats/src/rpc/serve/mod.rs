//! What serves contracts: calls, cancels and introductions, and the announcement of all that by the NATS service protocol.

mod announced;
mod asked;
mod contract;
mod control;
mod counts;
mod leave;
mod parts;
mod server;
mod settings;
mod shared;
mod work;

pub use server::Server;
pub use settings::ServerSettings;
