//! The hardened listener, for the public API and the internal one alike.

mod connection;
mod guard;
mod leftover;
mod serve;
mod stall;

pub use connection::Peer;
pub use serve::serve;
