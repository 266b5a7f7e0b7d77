//! Events between processes over `JetStream`, which carries them and keeps no record of its own.

mod inbox;
mod listener;
mod settling;
mod stream;

pub use inbox::JetStreamInbox;
pub use listener::JetStreamListener;
