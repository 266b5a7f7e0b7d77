use std::collections::BTreeMap;

use inventory_contract::Held;
use kernel::{Failure, OrderId, Timestamp};
use platform::ops::Fact;
use platform::{Database, FromQueryResult, Sql as _, params, parsed};

#[derive(FromQueryResult)]
struct SkuRow {
    sku: String,
}

#[derive(FromQueryResult)]
struct ReservationRow {
    order_id: String,
    state: String,
    lines: String,
    updated_at: i64,
}

/// Counters that are not the sums of their movements.
pub(crate) async fn findings(database: &Database) -> Result<Vec<String>, Failure> {
    // One statement, so that it sees one moment of a live shop.
    let select = "SELECT s.sku FROM stock s LEFT JOIN (SELECT sku, SUM(on_hand_delta) AS on_hand, \
                  SUM(reserved_delta) AS reserved FROM movement GROUP BY sku) m ON m.sku = s.sku \
                  WHERE s.on_hand <> COALESCE(m.on_hand, 0) OR s.reserved <> COALESCE(m.reserved, 0)";
    let rows: Vec<SkuRow> = database.all(select, params![]).await?;
    let miscounted =
        rows.into_iter().map(|row| format!("stock of {} is not the sum of its movements", row.sku));
    Ok(miscounted.collect())
}

/// What is held for each order, by its id.
pub(crate) async fn facts(
    database: &Database,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<Fact>, Failure> {
    let after = after.map(|order| order.to_string()).unwrap_or_default();
    let select = "SELECT order_id, state, lines, updated_at FROM reservation WHERE order_id > $1 ORDER BY order_id LIMIT $2";
    let rows: Vec<ReservationRow> = database.all(select, params![after, limit]).await?;
    rows.iter().map(ReservationRow::fact).collect()
}

impl ReservationRow {
    fn fact(&self) -> Result<Fact, Failure> {
        let lines: Vec<Held> = serde_json::from_str(&self.lines).map_err(Failure::internal)?;
        let units = lines.iter().map(|line| i64::from(line.quantity.get())).sum();
        Ok(Fact {
            order: parsed(&self.order_id)?,
            state: self.state.clone(),
            amounts: BTreeMap::from([("units".to_owned(), units)]),
            currency: None,
            changed_at: Timestamp::from_micros(self.updated_at),
        })
    }
}
