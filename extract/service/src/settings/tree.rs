use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::{BasisPoints, Country, Currency, Email};
use platform::{DatabaseUrl, PoolSettings};
use serde::{Deserialize, Serialize};

use super::error::SettingsError;
use super::events::EventsSettings;
use super::hidden::Hidden;
use super::modules::ModulesSettings;
use super::server::{LimitSettings, ServerSettings};
use super::tax;
use super::telemetry::TelemetrySettings;
use crate::wiring::{self, CartsSettings, PaymentsSettings, ShippingSettings, UsersSettings};

/// Everything that can be set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the section that its type describes")]
pub struct Settings {
    pub server: ServerSettings,
    pub database: DatabaseSettings,
    pub nats: NatsSettings,
    pub modules: ModulesSettings,
    pub auth: AuthSettings,
    pub users: UsersSettings,
    pub shop: ShopSettings,
    pub carts: CartsSettings,
    pub shipping: ShippingSettings,
    pub payments: PaymentsSettings,
    pub limits: LimitSettings,
    pub events: EventsSettings,
    pub service: ServiceSettings,
    pub telemetry: TelemetrySettings,
}

impl Settings {
    /// Where files of this process lie: the databases, where they are files, and its key.
    pub fn directory(&self) -> &Path {
        match &self.database.url {
            DatabaseUrl::Sqlite(directory) => directory,
            DatabaseUrl::Postgres(_) => &self.database.directory,
        }
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.auth.admin_email.is_some() != self.auth.admin_password.is_some() {
            let problem = "auth.admin_email and auth.admin_password are set together or not at all";
            return Err(SettingsError::wrong("auth", problem));
        }
        wiring::check(self)?;
        self.modules.check()
    }
}

/// The section `database`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://<directory>` or `postgres://…`.
    pub url: DatabaseUrl,
    /// What the roles of the modules begin with on `PostgreSQL`.
    pub role_prefix: String,
    /// How many connections a module may have on `PostgreSQL`.
    pub connections: NonZeroU32,
    /// A statement that takes longer fails, on `PostgreSQL`.
    pub statement_timeout_ms: u64,
    /// Where this process keeps its own files when its databases are on `PostgreSQL`.
    pub directory: PathBuf,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        let PoolSettings { connections, statement_timeout } = PoolSettings::default();
        Self {
            url: DatabaseUrl::Sqlite("data".into()),
            role_prefix: "galleria".to_owned(),
            connections: NonZeroU32::new(connections).unwrap_or(NonZeroU32::MIN),
            statement_timeout_ms: millis(statement_timeout),
            directory: "data".into(),
        }
    }
}

impl DatabaseSettings {
    /// The pool of each module on `PostgreSQL`.
    pub fn pool(&self) -> PoolSettings {
        PoolSettings {
            connections: self.connections.get(),
            statement_timeout: Duration::from_millis(self.statement_timeout_ms),
        }
    }
}

/// The section `nats`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NatsSettings {
    /// Where the broker is, several servers of one cluster with commas between them. With it, the modules of this process are
    /// served over it too.
    pub url: Option<String>,
    /// The credentials file, where the broker asks for one.
    pub credentials: Option<PathBuf>,
    /// What all subjects and streams begin with. Two shops on one broker need two.
    pub prefix: String,
}

impl Default for NatsSettings {
    fn default() -> Self {
        Self { url: None, credentials: None, prefix: "galleria".to_owned() }
    }
}

/// The section `auth`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthSettings {
    /// The e-mail of an admin who is there after each start. An account that has it already becomes an admin's.
    pub admin_email: Option<Email>,
    /// The password that a new admin gets; who is one already keeps theirs.
    pub admin_password: Option<Hidden>,
}

const A_QUARTER_OF_AN_HOUR: NonZeroU64 = match NonZeroU64::new(15 * 60) {
    Some(seconds) => seconds,
    None => NonZeroU64::MIN,
};

/// The section `shop`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopSettings {
    /// The currency of those who name none, and of imports.
    pub currency: Currency,
    /// Whether prices include tax; recorded on each order.
    pub prices_include_tax: bool,
    /// Tax in basis points, by country. A file that names some replaces the standard rates: others have none.
    pub tax: BTreeMap<Country, BasisPoints>,
    /// An order that did not settle for so long is rejected.
    pub settle_within_seconds: NonZeroU64,
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self {
            currency: Currency::EUR,
            prices_include_tax: true,
            tax: tax::standard_rates(),
            settle_within_seconds: A_QUARTER_OF_AN_HOUR,
        }
    }
}

/// The section `service`: as whom this process speaks to others, and who may speak to it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceSettings {
    /// The process's Ed25519 key, PKCS #8 in base64. Without one it makes a key in its directory, for itself alone.
    pub key: Option<Hidden>,
    /// Whose keys may speak as which module.
    pub peers: Vec<PeerSettings>,
}

/// A key that may speak as a module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerSettings {
    /// As which.
    pub module: String,
    /// The public half: 32 bytes in base64.
    pub key: String,
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
