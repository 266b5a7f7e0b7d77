use kernel::{Failure, fold};
use platform::{FromQueryResult, Sql, params};

/// So many accounts are read at a time.
const CHUNK: usize = 1_000;

#[derive(FromQueryResult)]
struct FoldedRow {
    id: String,
    email: String,
    email_folded: String,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

/// The accounts whose e-mail is not found by its folded form.
pub(crate) async fn misfolded(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let select = "SELECT id, email, email_folded FROM account WHERE id > $1 ORDER BY id LIMIT $2";
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let rows: Vec<FoldedRow> = sql.all(select, params![after, CHUNK]).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after.clone_from(&last.id);
        let wrong = rows.into_iter().filter(|row| fold(&row.email) != row.email_folded);
        found.extend(wrong.map(|row| row.id));
    }
}

/// The accounts that do not count the entries of their address book right.
pub(crate) async fn miscounted(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let select = "SELECT a.id FROM account a LEFT JOIN \
                  (SELECT account_id, COUNT(*) AS entries FROM address GROUP BY account_id) b ON b.account_id = a.id \
                  WHERE a.addresses <> COALESCE(b.entries, 0)";
    ids(sql, select).await
}

/// The live sessions with more than one token left to trade.
pub(crate) async fn forked(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let select = "SELECT s.id FROM session s JOIN refresh_token t ON t.session_id = s.id \
                  WHERE s.ended_at IS NULL AND t.used_at IS NULL GROUP BY s.id HAVING COUNT(*) > 1";
    ids(sql, select).await
}

/// The live sessions of accounts that are shut out.
pub(crate) async fn stray(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let select = "SELECT s.id FROM session s JOIN account a ON a.id = s.account_id \
                  WHERE s.ended_at IS NULL AND a.disabled";
    ids(sql, select).await
}

async fn ids(sql: &impl Sql, select: &str) -> Result<Vec<String>, Failure> {
    let rows: Vec<IdRow> = sql.all(select, params![]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
