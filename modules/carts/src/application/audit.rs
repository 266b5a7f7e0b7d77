use kernel::Failure;
use platform::Database;

use crate::store::audit::{frozen_twice, overfull, torn_freezes};

/// What does not add up, a line each: carts that are too full, and freezes that are not one live order a cart.
pub async fn audit(database: &Database) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    found.extend(
        overfull(database).await?.iter().map(|cart| format!("cart {cart} has too many lines")),
    );
    found.extend(
        frozen_twice(database)
            .await?
            .iter()
            .map(|cart| format!("cart {cart} is frozen by several live orders")),
    );
    found.extend(
        torn_freezes(database)
            .await?
            .iter()
            .map(|order| format!("order {order} and its cart do not agree whether it is frozen")),
    );
    Ok(found)
}
