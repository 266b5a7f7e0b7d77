use std::sync::Arc;

use kernel::{Clock as _, ModuleName};
use platform::{Database, PoolSettings, PostgresServer, SqliteDirectory};
use tempfile::TempDir;

use crate::{ManualClock, TestPostgres, postgres};

/// Pools of three, for as many processes as a test plays.
const CONNECTIONS: u32 = 15;

/// Where a test's modules keep their databases; gone when the test is over. Cheap to clone.
#[derive(Clone)]
pub struct TestServer(Arc<Place>);

enum Place {
    Sqlite { directory: SqliteDirectory, files: TempDir },
    Postgres { server: Box<PostgresServer>, place: TestPostgres },
}

impl TestServer {
    /// `SQLite`, in files of its own.
    pub fn sqlite() -> Self {
        let files = tempfile::tempdir().unwrap();
        let directory = SqliteDirectory::open(files.path()).unwrap();
        Self(Arc::new(Place::Sqlite { directory, files }))
    }

    /// `PostgreSQL`, in a database of its own; `None` where no server is found, which is said.
    pub async fn postgres() -> Option<Self> {
        let place = postgres(CONNECTIONS).await?;
        let prefix = place.role_prefix();
        let server = PostgresServer::shared(&place.url, &prefix, PoolSettings::default()).unwrap();
        Some(Self(Arc::new(Place::Postgres { server: Box::new(server), place })))
    }

    /// A migrated database of a module. On `PostgreSQL` each call gives a pool of its own, as another process would have.
    pub async fn database(&self, module: &'static str) -> Database {
        let (module, now) = (ModuleName::new(module), ManualClock::default().now());
        match &*self.0 {
            Place::Sqlite { directory, .. } => directory.database(&module, now).await.unwrap(),
            Place::Postgres { server, .. } => {
                server.databases(&[module], now).await.unwrap().remove(0)
            }
        }
    }

    /// Whether several processes may work on the databases side by side.
    pub fn is_shared(&self) -> bool {
        matches!(&*self.0, Place::Postgres { .. })
    }

    /// The directory of the files, on `SQLite`.
    pub fn directory(&self) -> Option<&std::path::Path> {
        match &*self.0 {
            Place::Sqlite { files, .. } => Some(files.path()),
            Place::Postgres { .. } => None,
        }
    }

    /// The database that holds the schemas, on `PostgreSQL`.
    pub fn place(&self) -> Option<&TestPostgres> {
        match &*self.0 {
            Place::Sqlite { .. } => None,
            Place::Postgres { place, .. } => Some(place),
        }
    }
}

/// A migrated database of a module that is gone when the test is over.
pub struct TestDatabase {
    /// The database.
    pub database: Database,
    _server: TestServer,
}

impl TestDatabase {
    /// On `SQLite`, in files of its own.
    pub async fn sqlite(module: &'static str) -> Self {
        Self::on(TestServer::sqlite(), module).await
    }

    /// On `PostgreSQL`, in a database of its own; `None` where no server is found, which is said.
    pub async fn postgres(module: &'static str) -> Option<Self> {
        Some(Self::on(TestServer::postgres().await?, module).await)
    }

    async fn on(server: TestServer, module: &'static str) -> Self {
        Self { database: server.database(module).await, _server: server }
    }
}

/// Runs a test on `SQLite` and, where a server is found, on `PostgreSQL`, each time with databases of its own.
pub async fn on_each_server(test: impl AsyncFn(TestServer)) {
    eprintln!("on SQLite");
    test(TestServer::sqlite()).await;
    if let Some(postgres) = TestServer::postgres().await {
        eprintln!("on PostgreSQL");
        test(postgres).await;
    }
}

/// Runs a test of one module on `SQLite` and, where a server is found, on `PostgreSQL`, each time with a database of its own.
pub async fn on_each_engine(module: &'static str, test: impl AsyncFn(Database)) {
    on_each_server(async |server| test(server.database(module).await).await).await;
}
