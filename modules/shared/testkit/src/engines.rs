use kernel::{Clock as _, ModuleName};
use platform::{Database, PoolSettings, PostgresServer, SqliteDirectory};
use tempfile::TempDir;

use crate::{ManualClock, TestPostgres, postgres};

/// A migrated database of a module that is gone when the test is over.
pub struct TestDatabase {
    /// The database.
    pub database: Database,
    _place: Place,
}

enum Place {
    Sqlite { _directory: SqliteDirectory, _files: TempDir },
    Postgres(#[expect(dead_code, reason = "held until the test is over")] TestPostgres),
}

impl TestDatabase {
    /// On `SQLite`, in files of its own.
    pub async fn sqlite(module: &'static str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let directory = SqliteDirectory::open(files.path()).unwrap();
        let database = directory
            .database(&ModuleName::new(module), ManualClock::default().now())
            .await
            .unwrap();
        Self { database, _place: Place::Sqlite { _directory: directory, _files: files } }
    }

    /// On `PostgreSQL`, in a database of its own; `None` where no server is found, which is said.
    pub async fn postgres(module: &'static str) -> Option<Self> {
        let server = postgres().await?;
        let shared =
            PostgresServer::shared(&server.url, "galleria_test", PoolSettings::default()).unwrap();
        let mut databases = shared
            .databases(&[ModuleName::new(module)], ManualClock::default().now())
            .await
            .unwrap();
        Some(Self { database: databases.remove(0), _place: Place::Postgres(server) })
    }
}

/// Runs a test on `SQLite` and, where a server is found, on `PostgreSQL`, each time with a database of its own.
pub async fn on_each_engine(module: &'static str, test: impl AsyncFn(Database)) {
    let sqlite = TestDatabase::sqlite(module).await;
    eprintln!("on SQLite");
    test(sqlite.database.clone()).await;
    if let Some(postgres) = TestDatabase::postgres(module).await {
        eprintln!("on PostgreSQL");
        test(postgres.database.clone()).await;
    }
}
