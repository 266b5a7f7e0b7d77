use kernel::{Clock as _, ModuleName};
use platform::{PoolSettings, PostgresServer, Sql as _};
use testkit::ManualClock;

/// Whether the connection that a URL leads to is encrypted, or why there is none.
async fn is_encrypted(url: &str, mode: &str) -> Result<bool, String> {
    let server = PostgresServer::own(&format!("{url}{mode}"), PoolSettings::default()).unwrap();
    let modules = [ModuleName::new("orders")];
    let opened = server.databases(&modules, ManualClock::default().now()).await;
    let orders = opened.map_err(|error| format!("{error:?}"))?.remove(0);
    let select = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let row = orders.query(select, vec![]).await.unwrap().remove(0);
    Ok(row.try_get_by_index(0).unwrap())
}

#[tokio::test]
async fn a_connection_is_encrypted_where_the_url_says_so() {
    let Some(database) = testkit::postgres(5).await else { return };

    let plain = is_encrypted(&database.url, "").await;
    let encrypted = is_encrypted(&database.url, "?sslmode=require").await;

    if database.url.contains("@127.0.0.1") {
        assert_eq!(plain, Ok(false), "a server on the machine itself was spoken to by TLS");
    }
    match encrypted {
        Ok(encrypted) => assert!(encrypted),
        Err(refused) => {
            assert!(refused.contains("server does not support TLS"), "{refused}");
            eprintln!("skipped with TLS: the PostgreSQL server offers none");
        }
    }
}
