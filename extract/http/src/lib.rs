//! Contracts over HTTP/1.1: what serves them to other processes, and the channel that calls them.

mod channel;
mod serve;

pub use channel::{ChannelSettings, HttpChannel, UrlError};
pub use extract_wire::{ServeSettings, Serving};
pub use serve::router;
