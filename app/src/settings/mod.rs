//! What is set: defaults, `galleria.toml` over them, the environment over both. An unknown setting stops the start.

mod environment;
mod error;
mod hidden;
mod keys;
mod load;
mod modules;
mod service;
#[cfg(test)]
mod tests;
mod tree;

pub use error::{SettingsError, WrongSetting};
pub use hidden::Hidden;
pub use load::{Sources, load};
pub use modules::{ModuleSettings, ModulesSettings, Placement};
pub use tree::{
    AuthSettings, DatabaseSettings, EventsSettings, LogFormat, NatsSettings, PeerSettings,
    ServiceSettings, Settings, ShopSettings, TelemetrySettings,
};
