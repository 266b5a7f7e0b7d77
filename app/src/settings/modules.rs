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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModuleSettings {
    /// Where it runs.
    pub placement: Placement,
    /// Where it answers, if it runs elsewhere; several with commas between them.
    pub url: Option<String>,
    /// Its own database, if it does not share the server of `database.url`. Its user owns the schema.
    pub database_url: Option<DatabaseUrl>,
}

impl ModuleSettings {
    fn placed(placement: Placement) -> Self {
        Self { placement, url: None, database_url: None }
    }
}

impl Default for ModuleSettings {
    fn default() -> Self {
        Self::placed(Placement::Local)
    }
}

/// The section `modules`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

impl Default for ModulesSettings {
    fn default() -> Self {
        let local = ModuleSettings::default;
        let off = || ModuleSettings::placed(Placement::Off);
        Self {
            users: local(),
            catalog: local(),
            inventory: local(),
            carts: local(),
            orders: local(),
            payments: local(),
            shipping: local(),
            recommendations: off(),
            notifications: off(),
        }
    }
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

    /// Refuses placements that this release can't give.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong: Vec<WrongSetting> = self
            .by_name()
            .into_iter()
            .filter_map(|(name, module)| misplaced(name, module))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(SettingsError::Wrong(wrong)) }
    }
}

fn misplaced(name: &str, module: &ModuleSettings) -> Option<WrongSetting> {
    let built = !matches!(name, "recommendations" | "notifications");
    let wrong = |key: &str, problem: String| {
        Some(WrongSetting { key: format!("modules.{name}.{key}"), place: None, problem })
    };
    if matches!(module.database_url, Some(DatabaseUrl::Sqlite(_))) {
        return wrong("database_url", "must be postgres://…".to_owned());
    }
    match (module.placement, built) {
        (Placement::Off, false) | (Placement::Local, true) => None,
        (Placement::Off, true) => {
            wrong("placement", format!("{name} can't be off, other parts of the shop call it"))
        }
        (_, false) => wrong("placement", format!("{name} is not built in this release; set off")),
        (Placement::Http | Placement::Nats, true) => {
            let placement = module.placement.as_str();
            wrong(
                "placement",
                format!("this release can't place a module at {placement}; set local"),
            )
        }
    }
}
