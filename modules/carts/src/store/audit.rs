use kernel::Failure;
use platform::{FromQueryResult, Sql, params};

use crate::domain::cart::MOST_LINES;

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

/// The carts with more lines than a cart holds.
pub(crate) async fn overfull(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let select = "SELECT cart_id AS id FROM cart_line GROUP BY cart_id HAVING COUNT(*) > $1";
    ids(sql, select, params![MOST_LINES]).await
}

/// The carts that more than one live order has frozen.
pub(crate) async fn frozen_twice(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let select = "SELECT cart_id AS id FROM cart_freeze WHERE state = 'live' GROUP BY cart_id HAVING COUNT(*) > 1";
    ids(sql, select, params![]).await
}

/// The orders whose live freeze is not what their cart says, or the other way round.
pub(crate) async fn torn_freezes(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let select = "SELECT f.order_id AS id FROM cart_freeze f LEFT JOIN cart c ON c.id = f.cart_id AND c.order_id = f.order_id \
                  WHERE f.state = 'live' AND c.id IS NULL \
                  UNION SELECT c.order_id AS id FROM cart c \
                  LEFT JOIN cart_freeze f ON f.order_id = c.order_id AND f.cart_id = c.id AND f.state = 'live' \
                  WHERE c.order_id IS NOT NULL AND f.order_id IS NULL";
    ids(sql, select, params![]).await
}

async fn ids(
    sql: &impl Sql,
    select: &str,
    values: Vec<platform::Value>,
) -> Result<Vec<String>, Failure> {
    let rows: Vec<IdRow> = sql.all(select, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
