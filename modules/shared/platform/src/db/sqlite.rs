use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::{ModuleName, Timestamp};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::database::{Database, Writer};
use super::group::SqliteWriter;
use super::migrate::migrated;
use super::open::OpenError;
use super::pool::{Opener, Pool};

const READERS: u32 = 4;

/// A directory with a file a module. One process works on it at a time; a second is refused.
#[derive(Debug)]
pub struct SqliteDirectory {
    path: PathBuf,
    // Held as long as the databases are open; the operating system lets go of it when the process dies.
    _lock: File,
}

impl SqliteDirectory {
    /// Makes the directory if it is not there, and takes it for this process.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Directory { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let lock = File::create(path.join("galleria.lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// Opens a module's file, makes it if it is not there, and brings it up to date.
    pub async fn database(
        &self,
        module: &ModuleName,
        now: Timestamp,
    ) -> Result<Database, OpenError> {
        let database = self.open_file(module);
        migrated(&database, now).await?;
        Ok(database)
    }

    fn open_file(&self, module: &ModuleName) -> Database {
        let options = SqliteConnectOptions::new()
            .filename(self.path.join(format!("{module}.sqlite")))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            // What is put aside stays in memory: the directory may be the only place that this process may write to.
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        let reading = Opener::Sqlite { options: options.clone().pragma("query_only", "true") };
        let writer = SqliteWriter::new(Opener::Sqlite { options });
        Database::new(module.clone(), Pool::new(reading, READERS), Writer::Sqlite(writer))
    }
}
