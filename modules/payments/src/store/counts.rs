use kernel::{Failure, OrderId, Timestamp};
use platform::ops::Fact;
use platform::{FromQueryResult, Sql, params, parsed};

/// A payment whose columns do not add up.
#[derive(FromQueryResult)]
pub(crate) struct Miscounted {
    pub(crate) payment_id: String,
}

#[derive(FromQueryResult)]
struct FactRow {
    order_id: String,
    currency: Option<String>,
    state: String,
    amount: i64,
    authorized: i64,
    captured: i64,
    refunded: i64,
    due_at: Option<i64>,
    updated_at: i64,
}

/// Payments whose amounts are not what their state says, or of which more was given back than taken.
pub(crate) async fn torn(sql: &impl Sql) -> Result<Vec<Miscounted>, Failure> {
    let select = "SELECT payment_id FROM payment WHERE payment_id IS NOT NULL AND (\
                  captured > authorized OR refunded + refunding > captured \
                  OR authorized <> CASE WHEN state IN ('authorized', 'capturing', 'captured') \
                  OR (state = 'voided' AND reference IS NOT NULL) THEN amount ELSE 0 END \
                  OR captured <> CASE WHEN state = 'captured' THEN amount ELSE 0 END) ORDER BY payment_id";
    sql.all(select, params![]).await
}

/// Payments whose refunds do not sum up to what was given back, or is to be.
pub(crate) async fn misrefunded(sql: &impl Sql) -> Result<Vec<Miscounted>, Failure> {
    let select = "SELECT p.payment_id FROM payment p LEFT JOIN (SELECT payment_id, \
                  SUM(CASE WHEN state = 'done' THEN amount ELSE 0 END) AS done, \
                  SUM(CASE WHEN state = 'pending' THEN amount ELSE 0 END) AS pending FROM refund GROUP BY payment_id) r \
                  ON r.payment_id = p.payment_id WHERE p.payment_id IS NOT NULL \
                  AND (p.refunded <> COALESCE(r.done, 0) OR p.refunding <> COALESCE(r.pending, 0)) ORDER BY p.payment_id";
    sql.all(select, params![]).await
}

/// Payments of which more or less was told than happened: one event for each authorization, capture, void and refund.
pub(crate) async fn mistold(sql: &impl Sql) -> Result<Vec<Miscounted>, Failure> {
    let select = "SELECT p.payment_id FROM payment p LEFT JOIN outbox_key k ON k.key = p.payment_id \
                  LEFT JOIN (SELECT payment_id, COUNT(*) AS done FROM refund WHERE state = 'done' GROUP BY payment_id) r \
                  ON r.payment_id = p.payment_id WHERE p.payment_id IS NOT NULL AND COALESCE(k.last, 0) <> COALESCE(r.done, 0) \
                  + CASE WHEN p.state = 'captured' OR (p.state = 'voided' AND p.reference IS NOT NULL) THEN 2 \
                  WHEN p.state IN ('authorized', 'capturing') THEN 1 ELSE 0 END ORDER BY p.payment_id";
    sql.all(select, params![]).await
}

/// Closed payments of which the provider refused to give back the rest.
pub(crate) async fn refused(sql: &impl Sql) -> Result<Vec<Miscounted>, Failure> {
    let select = "SELECT payment_id FROM payment WHERE closed AND rest_refused \
                  AND refunded < captured ORDER BY payment_id";
    sql.all(select, params![]).await
}

/// What is recorded of each order's money, by order; `unsettled` is 1 while the provider's record may be ahead of this one.
pub(crate) async fn facts(
    sql: &impl Sql,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<Fact>, Failure> {
    let select = "SELECT order_id, currency, state, amount, authorized, captured, refunded, due_at, updated_at \
                  FROM payment WHERE order_id > $1 ORDER BY order_id LIMIT $2";
    let after = after.map(|order| order.to_string()).unwrap_or_default();
    let rows: Vec<FactRow> = sql.all(select, params![after, limit]).await?;
    rows.into_iter().map(FactRow::into_fact).collect()
}

impl FactRow {
    fn into_fact(self) -> Result<Fact, Failure> {
        let amounts = [
            ("amount", self.amount),
            ("authorized", self.authorized),
            ("captured", self.captured),
            ("refunded", self.refunded),
            ("unsettled", i64::from(self.due_at.is_some())),
        ];
        Ok(Fact {
            order: parsed(&self.order_id)?,
            state: self.state,
            amounts: amounts.map(|(name, amount)| (name.to_owned(), amount)).into(),
            currency: self.currency.as_deref().map(parsed).transpose()?,
            changed_at: Timestamp::from_micros(self.updated_at),
        })
    }
}
