use std::fmt::Write as _;
use std::str::FromStr;
use std::time::Duration;

use kernel::{ModuleName, Timestamp};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};

use super::database::{Database, Writer};
use super::migrate::migrated;
use super::open::OpenError;
use super::pool::{Opener, Pool};
use super::prepared::is_up_to_date;

/// Any number that no other application on the server is likely to lock; holds migrations to one process at a time.
const MIGRATION_LOCK: i64 = 0x6761_6c6c_6572_6961;

/// How much longer than a statement a transaction may do nothing. Longer than a handler of an event may take.
const IDLE_MARGIN: Duration = Duration::from_mins(1);

/// How many connections a module may have.
#[derive(Debug, Clone, Copy)]
pub struct PoolSettings {
    /// At most so many.
    pub connections: u32,
    /// A statement that takes longer fails.
    pub statement_timeout: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { connections: 3, statement_timeout: Duration::from_secs(10) }
    }
}

/// A server on which each module has a schema of its own.
#[derive(Debug, Clone)]
pub struct PostgresServer {
    options: PgConnectOptions,
    roles: Roles,
    pool: PoolSettings,
}

/// As whom a module works on its schema.
#[derive(Debug, Clone)]
enum Roles {
    /// As `<prefix>_<module>`, a role that can't log in and is let at that schema alone.
    Separate { prefix: String },
    /// As the user of the connection, who owns the schema.
    Own,
}

impl PostgresServer {
    /// A server whose user prepares the schema and the role `<prefix>_<module>` of every module.
    pub fn shared(url: &str, prefix: &str, pool: PoolSettings) -> Result<Self, sqlx::Error> {
        Ok(Self {
            options: options(url)?,
            roles: Roles::Separate { prefix: prefix.to_owned() },
            pool,
        })
    }

    /// A server whose user is one module's alone, owns its schema and needs no further role.
    pub fn own(url: &str, pool: PoolSettings) -> Result<Self, sqlx::Error> {
        Ok(Self { options: options(url)?, roles: Roles::Own, pool })
    }

    /// Brings the schemas of the modules up to date, one process at a time, then opens their databases in the same order.
    pub async fn databases(
        &self,
        modules: &[ModuleName],
        now: Timestamp,
    ) -> Result<Vec<Database>, OpenError> {
        self.migrate(modules, now).await?;
        Ok(modules.iter().map(|module| self.open(module)).collect())
    }

    /// Brings the schemas of the modules up to date, one process at a time.
    pub async fn migrate(&self, modules: &[ModuleName], now: Timestamp) -> Result<(), OpenError> {
        for module in self.behind(modules).await? {
            let unreachable = unreachable(module);
            let mut connection = self.options.connect().await.map_err(&unreachable)?;
            sqlx::query("SELECT pg_advisory_lock($1)")
                .bind(MIGRATION_LOCK)
                .execute(&mut connection)
                .await
                .map_err(&unreachable)?;
            self.prepare(&mut connection, module).await?;
            self.migrate_schema(module, now).await?;
            connection.close().await.map_err(&unreachable)?;
        }
        Ok(())
    }

    /// The modules whose schemas are not up to date; none at most starts, which then are quick.
    async fn behind<'a>(
        &self,
        modules: &'a [ModuleName],
    ) -> Result<Vec<&'a ModuleName>, OpenError> {
        let Some(first) = modules.first() else { return Ok(Vec::new()) };
        let mut connection = self.options.connect().await.map_err(unreachable(first))?;
        let mut behind = Vec::new();
        for module in modules {
            let role = self.role(module);
            let done = is_up_to_date(&mut connection, module, role.as_deref()).await;
            if !done.map_err(unreachable(module))? {
                behind.push(module);
            }
        }
        connection.close().await.map_err(unreachable(first))?;
        Ok(behind)
    }

    fn role(&self, module: &ModuleName) -> Option<String> {
        match &self.roles {
            Roles::Separate { prefix } => Some(format!("{prefix}_{module}")),
            Roles::Own => None,
        }
    }

    async fn prepare(
        &self,
        connection: &mut PgConnection,
        module: &ModuleName,
    ) -> Result<(), OpenError> {
        let sql = self.preparation(module);
        let prepared = connection.execute(AssertSqlSafe(sql.clone())).await;
        prepared.map(|_| ()).map_err(|source| match &source {
            sqlx::Error::Database(refused) if refused.code().as_deref() == Some("42501") => {
                OpenError::NotAllowed { module: module.to_string(), sql, source }
            }
            _ => OpenError::Unreachable { module: module.to_string(), source },
        })
    }

    async fn migrate_schema(&self, module: &ModuleName, now: Timestamp) -> Result<(), OpenError> {
        migrated(&self.database(module, format!("SET search_path TO \"{module}\""), 1), now).await
    }

    fn open(&self, module: &ModuleName) -> Database {
        // Compiling a plan takes longer than any statement of a shop; a queue's plans look dear and are not.
        let mut session = format!("SET search_path TO \"{module}\"; SET jit TO off;");
        if let Roles::Separate { prefix } = &self.roles {
            let _ = write!(session, "SET ROLE \"{prefix}_{module}\";");
        }
        let statement = self.pool.statement_timeout;
        let _ = write!(session, "SET statement_timeout TO {};", statement.as_millis());
        // A process that is paused, or gone without a word, would hold the rows that it had locked for ever.
        let idle = statement.saturating_add(IDLE_MARGIN);
        let _ = write!(session, "SET idle_in_transaction_session_timeout TO {}", idle.as_millis());
        self.database(module, session, self.pool.connections)
    }

    fn database(&self, module: &ModuleName, session: String, connections: u32) -> Database {
        let opener = Opener::Postgres { options: self.options.clone(), session };
        let pool = Pool::new(opener, connections);
        Database::new(module.clone(), pool.clone(), Writer::Postgres(pool))
    }

    /// What makes the schema of a module and, where it has one, the role that is let at it alone. Run twice, it changes nothing.
    fn preparation(&self, module: &ModuleName) -> String {
        let mut sql = format!(
            "CREATE SCHEMA IF NOT EXISTS \"{module}\";\n\
             DO $$ BEGIN CREATE DOMAIN \"{module}\".key_text AS text COLLATE \"C\"; \
             EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n"
        );
        if let Roles::Separate { prefix } = &self.roles {
            let role = format!("\"{prefix}_{module}\"");
            let _ = write!(
                sql,
                "DO $$ BEGIN CREATE ROLE {role} NOLOGIN; \
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;\n\
                 DO $$ BEGIN IF NOT pg_has_role(current_user, '{prefix}_{module}', 'MEMBER') THEN \
                 GRANT {role} TO CURRENT_USER; END IF; END $$;\n\
                 GRANT USAGE ON SCHEMA \"{module}\" TO {role};\n\
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"{module}\" TO {role};\n\
                 ALTER DEFAULT PRIVILEGES IN SCHEMA \"{module}\" \
                 GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};\n"
            );
        }
        sql
    }
}

fn unreachable(module: &ModuleName) -> impl Fn(sqlx::Error) -> OpenError {
    let module = module.to_string();
    move |source| OpenError::Unreachable { module: module.clone(), source }
}

/// Encrypts as `sslmode` says; where it leaves that open, not on the machine itself, as nobody else listens there.
fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    let is_here = matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]");
    let is_open = matches!(options.get_ssl_mode(), PgSslMode::Prefer);
    let options = if is_here && is_open { options.ssl_mode(PgSslMode::Disable) } else { options };
    Ok(options.application_name("galleria").disable_statement_logging())
}
