use platform::DatabaseUrl;
use serde::{Deserialize, Serialize};

use super::error::{SettingsError, WrongSetting};

/// Where a module runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    /// In this process.
    Local,
    /// In another process, called over HTTP.
    Http,
    /// In another process, called over NATS.
    Nats,
    /// Nowhere.
    Off,
}

impl Placement {
    /// As the settings write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Http => "http",
            Self::Nats => "nats",
            Self::Off => "off",
        }
    }
}

/// The section `modules.<name>`: where a module runs and on which database.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModuleSettings {
    /// Where it runs; here, unless it is set or this binary does not have it.
    pub placement: Option<Placement>,
    /// Where it answers, if it runs elsewhere; several with commas between them.
    pub url: Option<String>,
    /// Its own database, if it does not share the server of `database.url`. Its user owns the schema.
    pub database_url: Option<DatabaseUrl>,
}

/// The section `modules`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the module that it names")]
pub struct ModulesSettings {
    pub users: ModuleSettings,
    pub catalog: ModuleSettings,
    pub inventory: ModuleSettings,
    pub carts: ModuleSettings,
    pub orders: ModuleSettings,
    pub payments: ModuleSettings,
    pub shipping: ModuleSettings,
    pub recommendations: ModuleSettings,
    pub notifications: ModuleSettings,
}

impl ModulesSettings {
    /// All modules by name, those that are called first.
    pub fn by_name(&self) -> [(&'static str, &ModuleSettings); 9] {
        [
            ("users", &self.users),
            ("inventory", &self.inventory),
            ("catalog", &self.catalog),
            ("carts", &self.carts),
            ("shipping", &self.shipping),
            ("payments", &self.payments),
            ("orders", &self.orders),
            ("recommendations", &self.recommendations),
            ("notifications", &self.notifications),
        ]
    }

    /// Refuses what can't be, wherever the modules run.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let on_files =
            |module: &ModuleSettings| matches!(module.database_url, Some(DatabaseUrl::Sqlite(_)));
        let wrong = self.by_name().into_iter().filter(|(_, module)| on_files(module));
        let wrong: Vec<_> = wrong
            .map(|(name, _)| WrongSetting {
                key: format!("modules.{name}.database_url"),
                place: None,
                problem: "must be postgres://…".to_owned(),
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(SettingsError::Wrong(wrong)) }
    }
}
