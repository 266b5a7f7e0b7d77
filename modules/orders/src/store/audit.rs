use std::collections::BTreeMap;

use kernel::{Failure, Money, OrderId, Timestamp};
use orders_contract::OrderStatus;
use platform::ops::Fact;
use platform::{Database, FromQueryResult, Sql as _, params, parsed};

use super::read::{Filter, list};

#[derive(FromQueryResult)]
struct FactRow {
    id: String,
    status: String,
    total: i64,
    currency: String,
    changed_at: i64,
}

#[derive(FromQueryResult)]
struct NumbersRow {
    drawn: i64,
    used: i64,
    highest: i64,
}

/// What `orders` knows of each order, by its id.
pub(crate) async fn facts(
    database: &Database,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<Fact>, Failure> {
    let after = after.map(|order| order.to_string()).unwrap_or_default();
    let select = "SELECT id, status, total, currency, changed_at FROM orders WHERE id > $1 ORDER BY id LIMIT $2";
    let rows: Vec<FactRow> = database.all(select, params![after, limit]).await?;
    rows.into_iter().map(FactRow::into_fact).collect()
}

/// Numbers that were drawn and are not on exactly one order each.
pub(crate) async fn number_gaps(database: &Database) -> Result<Vec<String>, Failure> {
    let select = "SELECT n.last AS drawn, (SELECT COUNT(number) FROM orders) AS used, \
                  (SELECT COALESCE(MAX(number), 0) FROM orders) AS highest FROM order_number n";
    let Some(numbers) = database.first::<NumbersRow>(select, params![]).await? else {
        return Ok(vec!["the last order number is missing".to_owned()]);
    };
    let NumbersRow { drawn, used, highest } = numbers;
    if drawn == used && used == highest {
        return Ok(Vec::new());
    }
    Ok(vec![format!(
        "order numbers have gaps: {drawn} were drawn, {used} are used, the highest is {highest}"
    )])
}

/// Orders whose sums are not those of their lines.
pub(crate) async fn wrong_sums(database: &Database) -> Result<Vec<String>, Failure> {
    let (mut wrong, mut before) = (Vec::new(), None);
    loop {
        let orders = list(database, &Filter { before, ..Filter::default() }, 500).await?;
        let Some(last) = orders.last() else { return Ok(wrong) };
        before = Some(last.id);
        for order in &orders {
            let totals = &order.totals;
            let lines = Money::checked_sum(
                totals.total.currency(),
                order.lines.iter().map(|line| line.line_total),
            )?;
            let net = totals.subtotal.checked_sub(totals.discount)?.checked_add(totals.shipping)?;
            let total = if totals.prices_include_tax { net } else { net.checked_add(totals.tax)? };
            if lines != totals.subtotal || total != totals.total {
                wrong.push(format!("the sums of order {} are not those of its lines", order.id));
            }
            if order.status == OrderStatus::Confirmed && order.number.is_none() {
                wrong.push(format!("order {} is confirmed and has no number", order.id));
            }
        }
    }
}

impl FactRow {
    fn into_fact(self) -> Result<Fact, Failure> {
        Ok(Fact {
            order: parsed(&self.id)?,
            state: self.status,
            amounts: BTreeMap::from([("total".to_owned(), self.total)]),
            currency: Some(parsed(&self.currency)?),
            changed_at: Timestamp::from_micros(self.changed_at),
        })
    }
}
