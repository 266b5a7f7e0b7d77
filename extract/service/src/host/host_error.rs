use std::io;
use std::net::SocketAddr;

use extract_wire::KeyError;

use crate::WiringError;
use crate::databases::DatabasesError;
use crate::settings::SettingsError;
use crate::telemetry::TelemetryError;
use crate::wiring::broker::BrokerError;

/// Why a process can't host its modules.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The settings don't say where a module is to run.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The databases can't be opened.
    #[error(transparent)]
    Databases(#[from] DatabasesError),
    /// There is no key to speak with.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The modules can't be built.
    #[error(transparent)]
    Wiring(#[from] WiringError),
    /// The broker of the settings can't be used.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// Nothing can be measured.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// An address can't be listened on.
    #[error("can't listen on {1} ({0})")]
    Bind(&'static str, SocketAddr, #[source] io::Error),
    /// The system refuses something.
    #[error(transparent)]
    System(#[from] io::Error),
    /// The admin of the settings can't be made.
    #[error("settings auth.admin_*: {0}")]
    Admin(String),
}
