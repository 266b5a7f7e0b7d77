//! What is set: defaults, `galleria.toml` over them, the environment over both. An unknown setting stops the start.

mod elsewhere;
mod environment;
mod error;
mod events;
mod hidden;
mod keys;
mod load;
mod modules;
mod network;
mod server;
mod service;
mod tax;
mod telemetry;
#[cfg(test)]
mod tests;
mod tree;

pub use elsewhere::Elsewhere;
pub use error::{SettingsError, WrongSetting};
pub use events::EventsSettings;
pub use hidden::Hidden;
pub use load::{Sources, load};
pub use modules::{ModuleSettings, ModulesSettings, Placement};
pub use network::Network;
pub use server::{LimitSettings, ServerSettings};
pub use telemetry::{CollectorUrl, LogFormat, OtlpSettings, Ratio, TelemetrySettings};
pub use tree::{
    AuthSettings, DatabaseSettings, NatsSettings, PeerSettings, ServiceSettings, Settings,
    ShopSettings,
};
