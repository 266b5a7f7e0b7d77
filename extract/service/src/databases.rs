use std::collections::BTreeMap;
use std::path::Path;

use futures_util::future::try_join_all;
use kernel::{ModuleName, Timestamp};
use platform::{Database, DatabaseUrl, OpenError, PostgresServer, SqliteDirectory};

use crate::operated::{NAMES, home_of};
use crate::placement::Places;
use crate::settings::{Settings, SettingsError};

/// The open databases by owner. Where they are files, the directory is this process's alone for as long as this lives.
pub struct Databases {
    by_owner: BTreeMap<ModuleName, Database>,
    directory: Option<SqliteDirectory>,
}

/// Why the databases can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum DatabasesError {
    /// A setting names a database that can't be one.
    #[error(transparent)]
    Setting(#[from] SettingsError),
    /// One of them can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Databases {
    /// Opens those of the modules here, makes those that are not there, and brings them up to date.
    pub async fn open(
        settings: &Settings,
        places: &Places,
        now: Timestamp,
    ) -> Result<Self, DatabasesError> {
        let own = own_servers(settings)?;
        let here = NAMES.into_iter().filter(|name| places.is_here(home_of(name)));
        let (own_owners, shared): (Vec<_>, Vec<_>) =
            here.map(ModuleName::new).partition(|owner| own.contains_key(owner.as_str()));
        let mut opened = Self { by_owner: BTreeMap::new(), directory: None };
        match &settings.database.url {
            _ if shared.is_empty() => {}
            DatabaseUrl::Sqlite(path) => opened.open_files(path, &shared, now).await?,
            DatabaseUrl::Postgres(url) => {
                let prefix = &settings.database.role_prefix;
                let server = PostgresServer::shared(url, prefix, settings.database.pool())
                    .map_err(|error| SettingsError::wrong("database.url", error.to_string()))?;
                opened.keep(&shared, server.databases(&shared, now).await?);
            }
        }
        for owner in own_owners {
            let server = &own[owner.as_str()];
            let owner = std::slice::from_ref(&owner);
            opened.keep(owner, server.databases(owner, now).await?);
        }
        Ok(opened)
    }

    async fn open_files(
        &mut self,
        path: &Path,
        owners: &[ModuleName],
        now: Timestamp,
    ) -> Result<(), OpenError> {
        let directory = SqliteDirectory::open(path)?;
        let files = try_join_all(owners.iter().map(|owner| directory.database(owner, now))).await?;
        self.keep(owners, files);
        self.directory = Some(directory);
        Ok(())
    }

    fn keep(&mut self, owners: &[ModuleName], databases: Vec<Database>) {
        self.by_owner.extend(owners.iter().cloned().zip(databases));
    }

    /// All of them by owner.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&ModuleName, &Database)> {
        self.by_owner.iter()
    }

    /// The database of an owner.
    pub fn of(&self, owner: &ModuleName) -> Option<Database> {
        self.by_owner.get(owner).cloned()
    }
}

/// The servers of the modules that have one of their own.
fn own_servers(
    settings: &Settings,
) -> Result<BTreeMap<&'static str, PostgresServer>, SettingsError> {
    let mut servers = BTreeMap::new();
    for (name, module) in settings.modules.by_name() {
        if let Some(DatabaseUrl::Postgres(url)) = &module.database_url {
            let server = PostgresServer::own(url, settings.database.pool());
            let setting = format!("modules.{name}.database_url");
            let server =
                server.map_err(|error| SettingsError::wrong(setting, error.to_string()))?;
            servers.insert(name, server);
        }
    }
    Ok(servers)
}
