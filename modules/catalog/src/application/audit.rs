use kernel::Failure;
use platform::{Database, Sql as _, params};

use crate::store;

/// What does not add up, a line each: lists that do not show the cheapest price, slugs that lead elsewhere, categories
/// that stand under themselves.
pub async fn audit(database: &Database) -> Result<Vec<String>, Failure> {
    store::audit::audit(database).await
}

/// Whether the shop has no product at all, on sale or not.
pub async fn is_empty(database: &Database) -> Result<bool, Failure> {
    let count = "SELECT COUNT(*) FROM (SELECT id FROM product LIMIT 1) AS found";
    Ok(database.number(count, params![]).await? == 0)
}
