//! Contracts and events over NATS: what serves and calls them, and what carries events between processes.

mod connection;
mod events;
mod rpc;

pub use connection::{ConnectError, Connection, NatsSettings, connect};
pub use events::{JetStreamInbox, JetStreamListener};
pub use rpc::{ChannelSettings, NatsChannel, Server, ServerSettings};
