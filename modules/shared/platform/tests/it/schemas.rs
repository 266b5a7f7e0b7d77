use std::str::FromStr as _;
use std::time::Duration;

use kernel::{Clock as _, ModuleName};
use platform::{OpenError, PoolSettings, PostgresServer, Sql as _, UnitOfWork};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, query_scalar};
use testkit::{ManualClock, TestServer};

const MODULES: [ModuleName; 3] =
    [ModuleName::new("orders"), ModuleName::new("payments"), ModuleName::new("inventory")];

#[tokio::test]
async fn a_modules_role_is_refused_on_every_other_modules_schema() {
    let Some(server) = TestServer::postgres().await else { return };
    let databases = [
        server.database("orders").await,
        server.database("payments").await,
        server.database("inventory").await,
    ];
    let tables = tables(&server.place().unwrap().url).await;
    assert!(tables.len() > 30, "{tables:?}");

    for database in &databases {
        let own = database.number("SELECT COUNT(*) FROM outbox", vec![]).await;
        assert_eq!(own.unwrap(), 0);
        for (schema, table) in
            tables.iter().filter(|(schema, _)| schema != database.module().as_str())
        {
            for sql in [
                format!("SELECT COUNT(*) FROM {schema}.{table}"),
                format!("INSERT INTO {schema}.{table} DEFAULT VALUES"),
                format!("DELETE FROM {schema}.{table}"),
                format!("CREATE TABLE {schema}.mine (n BIGINT)"),
            ] {
                let refused = database.query(&sql, vec![]).await;
                let refused = refused.expect_err(&sql).chain();
                assert!(refused.contains("permission denied"), "{sql}: {refused}");
            }
        }
    }
}

#[tokio::test]
async fn a_modules_role_may_not_change_its_own_schema() {
    let Some(server) = TestServer::postgres().await else { return };
    let orders = server.database("orders").await;

    for sql in
        ["CREATE TABLE mine (n BIGINT)", "DROP TABLE outbox", "ALTER TABLE outbox ADD n BIGINT"]
    {
        let refused = orders.query(sql, vec![]).await.expect_err(sql).chain();
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{refused}"
        );
    }
}

async fn tables(url: &str) -> Vec<(String, String)> {
    let mut connection = PgConnectOptions::from_str(url).unwrap().connect().await.unwrap();
    let tables: Vec<String> = query_scalar(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let split = |table: String| {
        let (schema, table) = table.split_once('.').unwrap();
        (schema.to_owned(), table.to_owned())
    };
    tables.into_iter().map(split).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_migrate_one_after_the_other() {
    let Some(server) = TestServer::postgres().await else { return };
    let place = server.place().unwrap();
    let (url, prefix) = (place.url.clone(), place.role_prefix());

    let starting = (0..3).map(|_| {
        let process = PostgresServer::shared(&url, &prefix, PoolSettings::default()).unwrap();
        tokio::spawn(async move { process.databases(&MODULES, ManualClock::default().now()).await })
    });
    for starting in starting.collect::<Vec<_>>() {
        for database in starting.await.unwrap().unwrap() {
            let applied = database.number("SELECT COUNT(*) FROM migration", vec![]).await.unwrap();
            let own = migrations::of(database.module().as_str());
            let steps = migrations::PLATFORM.len() + own.len();
            assert_eq!(applied, i64::try_from(steps).unwrap());
            let uow = UnitOfWork::begin(&database, ManualClock::default().now()).await.unwrap();
            uow.run(
                "INSERT INTO outbox_key (key, last) VALUES ('a', 1) ON CONFLICT DO NOTHING",
                vec![],
            )
            .await
            .unwrap();
            uow.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_user_who_may_not_make_roles_is_told_what_an_administrator_must_run() {
    let Some(server) = TestServer::postgres().await else { return };
    let place = server.place().unwrap();
    let user = format!("{}_plain", place.role_prefix());
    let options = PgConnectOptions::from_str(&place.url).unwrap();
    let mut administrator = options.connect().await.unwrap();
    let create = format!("CREATE ROLE {user} LOGIN PASSWORD 'plain'");
    administrator.execute(AssertSqlSafe(create)).await.unwrap();
    let (host, port) = (options.get_host(), options.get_port());
    let database = options.get_database().unwrap();
    let url = format!("postgres://{user}:plain@{host}:{port}/{database}");
    let plain =
        PostgresServer::shared(&url, &place.role_prefix(), PoolSettings::default()).unwrap();
    let now = ManualClock::default().now();

    let refused = plain.migrate(&MODULES[..1], now).await;

    let Err(OpenError::NotAllowed { sql, .. }) = refused else { panic!("{refused:?}") };
    administrator.execute(AssertSqlSafe(sql)).await.unwrap();
}

#[tokio::test]
async fn a_further_start_prepares_what_is_missing_and_nothing_else() {
    let Some(server) = TestServer::postgres().await else { return };
    let place = server.place().unwrap();
    let start = async |prefix: String| {
        let server = PostgresServer::shared(&place.url, &prefix, PoolSettings::default()).unwrap();
        server.databases(&MODULES, ManualClock::default().now()).await.unwrap()
    };
    start(place.role_prefix()).await;
    let mut administrator =
        PgConnectOptions::from_str(&place.url).unwrap().connect().await.unwrap();
    let lock = "SELECT pg_advisory_lock(7449354471461775713)";
    administrator.execute(lock).await.unwrap();

    // Whoever has to migrate waits for that lock; another prefix has to prepare its roles.
    let again = tokio::time::timeout(Duration::from_secs(30), start(place.role_prefix()));
    let again = again.await.expect("a start that has nothing to do waits for nobody");
    let unlock = "SELECT pg_advisory_unlock(7449354471461775713)";
    administrator.execute(unlock).await.unwrap();
    let other = start(format!("{}_other", place.role_prefix())).await;

    for database in again.iter().chain(&other) {
        let events = database.number("SELECT COUNT(*) FROM outbox", vec![]).await;
        assert_eq!(events.unwrap(), 0, "{database:?}");
    }
}

#[tokio::test]
async fn a_transaction_that_does_nothing_is_ended_by_the_server_some_day() {
    let Some(server) = TestServer::postgres().await else { return };
    let database = server.database("orders").await;

    let patience = "SELECT CAST(setting AS BIGINT) FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'";
    let patience = database.number(patience, vec![]).await.unwrap();

    let statement = PoolSettings::default().statement_timeout.as_millis();
    assert_eq!(u128::from(patience.unsigned_abs()), statement + 60_000);
}
