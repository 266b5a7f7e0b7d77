use std::str::FromStr as _;
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, query_scalar,
};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

static SERVER: OnceCell<Option<String>> = OnceCell::const_new();
/// Beside the one that tests share.
static ANOTHER: OnceCell<Option<String>> = OnceCell::const_new();
/// A server takes 100 connections unless it is told otherwise; tests side by side share them.
static CONNECTIONS: Semaphore = Semaphore::const_new(90);

const START: Duration = Duration::from_mins(1);

/// A database of a test's own, dropped with this.
#[derive(Debug)]
pub struct TestPostgres {
    /// Where it is.
    pub url: String,
    server: String,
    name: String,
    _share: Option<SemaphorePermit<'static>>,
}

/// Makes a database of the test's own on the first server found: `TEST_POSTGRES_URL`, one that runs on this machine, the
/// installed binaries on a free port, or a container where Docker runs.
///
/// Where none is found it says so and gives `None`; with `GALLERIA_REQUIRE_SERVICES` set it panics instead. It waits until
/// the tests beside it leave `connections` of the server's to this one.
pub async fn postgres(connections: u32) -> Option<TestPostgres> {
    let Some(server) = SERVER.get_or_init(find).await else {
        assert!(
            std::env::var_os("GALLERIA_REQUIRE_SERVICES").is_none(),
            "no PostgreSQL server was found"
        );
        eprintln!(
            "skipped on PostgreSQL: no server was found; set TEST_POSTGRES_URL, install one, or run Docker"
        );
        return None;
    };
    let share = CONNECTIONS.acquire_many(connections).await.unwrap();
    Some(TestPostgres::create(server, Some(share)).await)
}

/// Makes a database of the test's own on another server than `postgres` does, started from the installed binaries.
///
/// Where they are not installed it says so and gives `None`; with `GALLERIA_REQUIRE_SERVICES` set it panics instead.
pub async fn postgres_on_another_server() -> Option<TestPostgres> {
    let started = || async { tokio::task::spawn_blocking(crate::installed::start).await.unwrap() };
    let Some(server) = ANOTHER.get_or_init(started).await else {
        assert!(
            std::env::var_os("GALLERIA_REQUIRE_SERVICES").is_none(),
            "no PostgreSQL server is installed"
        );
        eprintln!("skipped on another PostgreSQL server: none is installed to be started");
        return None;
    };
    Some(TestPostgres::create(server, None).await)
}

impl TestPostgres {
    async fn create(server: &str, share: Option<SemaphorePermit<'static>>) -> Self {
        let id = kernel::EventId::random().to_string().replace('-', "");
        let name = format!("galleria_test_{id}");
        let mut connection = connect(server).await.expect("the server that was found");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        connection.close().await.unwrap();
        Self { url: with_database(server, &name), server: server.to_owned(), name, _share: share }
    }

    /// Makes another database for the same test, within its share of connections.
    pub async fn another(&self) -> Self {
        Self::create(&self.server, None).await
    }

    /// Runs a statement as the server's administrator.
    pub async fn run(&self, sql: &str) {
        let mut connection = connect(&self.url).await.unwrap();
        connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
        connection.close().await.unwrap();
    }

    /// What its roles begin with, where a process makes some; they are dropped with it.
    pub fn role_prefix(&self) -> String {
        self.name.replace("galleria_test_", "g_")
    }
}

impl Drop for TestPostgres {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let roles = format!(
            "SELECT rolname::text FROM pg_roles WHERE starts_with(rolname::text, '{}_')",
            self.role_prefix()
        );
        let dropped = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let mut connection = connect(&server).await?;
                connection
                    .execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
                    .await?;
                let roles: Vec<String> =
                    query_scalar(AssertSqlSafe(roles)).fetch_all(&mut connection).await?;
                for role in roles {
                    connection.execute(AssertSqlSafe(format!("DROP ROLE {role}"))).await?;
                }
                connection.close().await
            })
        });
        if let Ok(Err(error)) = dropped.join() {
            eprintln!("left a test database behind: {error}");
        }
    }
}

async fn find() -> Option<String> {
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        connect(&url).await.expect("TEST_POSTGRES_URL");
        return Some(url);
    }
    let running = "postgres://postgres@127.0.0.1:5432/postgres".to_owned();
    if connect(&running).await.is_ok() {
        return Some(running);
    }
    if let Some(own) = crate::installed::start() {
        return Some(own);
    }
    let contained = crate::containers::postgres().await?;
    // While it initialises itself it answers nobody.
    let begun = Instant::now();
    while connect(&contained).await.is_err() {
        assert!(begun.elapsed() < START, "the PostgreSQL server in the container does not answer");
        platform::jobs::pause(Duration::from_millis(100)).await;
    }
    Some(contained)
}

async fn connect(url: &str) -> Result<PgConnection, sea_orm::sqlx::Error> {
    PgConnectOptions::from_str(url)?.connect().await
}

fn with_database(server: &str, name: &str) -> String {
    let (base, query) =
        server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let host = base.rsplit_once('/').map_or(base, |(host, _)| host);
    query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn another_server_is_another() {
        let (Some(shared), Some(other)) = (postgres(1).await, postgres_on_another_server().await)
        else {
            return;
        };

        let host = |database: &TestPostgres| {
            database.url.rsplit_once('/').map(|(host, _)| host.to_owned())
        };
        assert_ne!(host(&shared), host(&other));
        assert!(connect(&other.url).await.is_ok());
    }
}
