use kernel::{Failure, OrderId, Timestamp};
use orders_contract::{HistoryEntry, OrderStatus};
use platform::{FIRST, FromQueryResult, Sql, Statement, params};

use super::read::status;

#[derive(FromQueryResult)]
struct HistoryRow {
    number: i64,
    status: String,
    at: i64,
    detail: Option<String>,
}

/// What notes in a [`Chain`](platform::Chain) what happened to an order.
pub(crate) fn entry(
    order: OrderId,
    status: &str,
    at: Timestamp,
    detail: Option<&str>,
) -> Statement {
    let insert = format!(
        "INSERT INTO order_history (order_id, number, status, at, detail) SELECT $1, \
         (SELECT COALESCE(MAX(number), 0) + 1 FROM order_history WHERE order_id = $1), $2, $3, $4 FROM {FIRST}"
    );
    (insert, params![order, status, at, detail])
}

/// What happened to an order after an entry.
pub(crate) async fn after(
    sql: &impl Sql,
    order: OrderId,
    number: u64,
) -> Result<Vec<HistoryEntry>, Failure> {
    let select = "SELECT number, status, at, detail FROM order_history WHERE order_id = $1 AND number > $2 ORDER BY number";
    let rows: Vec<HistoryRow> = sql.all(select, params![order, number]).await?;
    Ok(rows.into_iter().map(HistoryRow::into_entry).collect())
}

impl HistoryRow {
    fn into_entry(self) -> HistoryEntry {
        let status = status(&self.status);
        HistoryEntry {
            number: self.number.unsigned_abs(),
            last: matches!(status, OrderStatus::Rejected | OrderStatus::Cancelled),
            status,
            at: Timestamp::from_micros(self.at),
            detail: self.detail,
        }
    }
}
