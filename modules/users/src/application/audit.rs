use kernel::Failure;
use platform::Database;

use crate::store::audits::{forked, miscounted, misfolded, stray};

/// What does not add up, a line each: e-mails that are not found by their folded form, address books that are counted
/// wrong, sessions with two tokens to trade, and sessions of accounts that are shut out.
pub async fn audit(database: &Database) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    let mut add = |ids: Vec<String>, what: fn(&str) -> String| {
        lines.extend(ids.iter().map(|id| what(id)));
    };
    add(misfolded(database).await?, |id| format!("account {id} is not found by its e-mail"));
    add(miscounted(database).await?, |id| format!("account {id} counts its addresses wrong"));
    add(forked(database).await?, |id| format!("session {id} has more than one token to trade"));
    add(stray(database).await?, |id| format!("session {id} is of an account that is shut out"));
    Ok(lines)
}
