use kernel::Failure;
use platform::Database;

use crate::store::shelf::miscounted;

/// What does not add up, a line each: counters that are not the sums of their movements, or holds that do not sum up to
/// what is reserved.
pub async fn audit(database: &Database) -> Result<Vec<String>, Failure> {
    Ok(miscounted(database)
        .await?
        .into_iter()
        .map(|sku| format!("stock of {sku} is not the sum of its movements"))
        .collect())
}
