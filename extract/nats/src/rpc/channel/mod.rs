//! What calls contracts of other processes: one attempt at a time, all over one connection and one inbox.

mod answers;
mod frames;
mod inbox;
mod nats_channel;
mod settings;
mod waiting;

pub use nats_channel::NatsChannel;
pub use settings::ChannelSettings;
