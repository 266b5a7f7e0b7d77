use std::time::Duration;

use e2e::Outcome;
use sqlx::{Connection, PgConnection};

use crate::procfs;

/// The `PostgreSQL` server behind a shop, as far as it can be seen from this machine.
pub(crate) struct Server {
    connection: PgConnection,
    /// What it says it is.
    pub(crate) version: String,
    postmaster: Option<i32>,
}

impl Server {
    /// Looks at the server of a database; refuses one that does not keep what it committed.
    pub(crate) async fn of(url: &str) -> Outcome<Self> {
        let mut connection = PgConnection::connect(url).await?;
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            let value: String = sqlx::query_scalar("SELECT current_setting($1)")
                .bind(setting)
                .fetch_one(&mut connection)
                .await?;
            if value != "on" {
                return Err(format!("{setting} is {value}: the figures would mean nothing").into());
            }
        }
        let version: String =
            sqlx::query_scalar("SHOW server_version").fetch_one(&mut connection).await?;
        let backend: i32 =
            sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await?;
        let here = procfs::name(backend).is_ok_and(|name| name.starts_with("postgres"));
        let postmaster = if here { procfs::parent(backend).ok() } else { None };
        Ok(Self { connection, version, postmaster })
    }

    /// The CPU time of all its processes; none if it runs elsewhere.
    pub(crate) fn cpu(&self) -> Outcome<Option<Duration>> {
        self.postmaster.map(procfs::cpu).transpose()
    }

    /// How many rows were ever inserted, changed or deleted in the database.
    pub(crate) async fn rows(&mut self) -> Outcome<u64> {
        let rows: i64 = sqlx::query_scalar(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint FROM pg_stat_user_tables",
        )
        .fetch_one(&mut self.connection)
        .await?;
        Ok(u64::try_from(rows)?)
    }
}
