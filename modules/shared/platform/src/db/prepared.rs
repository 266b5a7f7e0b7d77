use kernel::ModuleName;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;

use super::migrate::steps;

/// Whether a module's schema is up to date and, where it has a role, that role is let at it. Then a start changes nothing.
///
/// Preparing comes before migrating, so that whoever finds all steps taken finds what was prepared as well.
pub(super) async fn is_up_to_date(
    connection: &mut PgConnection,
    module: &ModuleName,
    role: Option<&str>,
) -> Result<bool, sqlx::Error> {
    let history = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
        .bind(format!("\"{module}\".migration"));
    if !history.fetch_one(&mut *connection).await? {
        return Ok(false);
    }
    if let Some(role) = role {
        let let_at_it = "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1 \
                         AND pg_has_role(current_user, oid, 'MEMBER') AND has_schema_privilege(oid, $2, 'USAGE'))";
        let let_at_it = sqlx::query_scalar(let_at_it).bind(role).bind(module.as_str());
        if !let_at_it.fetch_one(&mut *connection).await? {
            return Ok(false);
        }
    }
    let taken = format!("SELECT name::text FROM \"{module}\".migration");
    let taken: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(taken)).fetch_all(&mut *connection).await?;
    Ok(steps(module).all(|step| taken.iter().any(|name| name == step.name)))
}
