//! Contracts over NATS: what serves them to other processes, and the channel that calls them.

mod channel;
mod headers;
mod serve;
mod subjects;

pub use channel::{ChannelSettings, NatsChannel};
pub use serve::{Server, ServerSettings};
