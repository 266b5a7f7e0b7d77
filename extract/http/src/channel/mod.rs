//! What calls contracts of another process: one attempt at a time over kept connections.

mod answers;
mod frames;
mod http_channel;
mod instance;
mod instances;
mod settings;
mod url;

pub use http_channel::HttpChannel;
pub use settings::ChannelSettings;
pub use url::UrlError;
