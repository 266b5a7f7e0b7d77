use kernel::{Failure, PaymentId};
use platform::{FromQueryResult, Sql, params};

/// A payment whose columns do not add up.
#[derive(FromQueryResult)]
pub(crate) struct Miscounted {
    pub(crate) payment_id: String,
}

/// A payment in sums.
#[derive(FromQueryResult)]
pub(crate) struct Sums {
    pub(crate) payment_id: String,
    pub(crate) order_id: String,
    pub(crate) currency: String,
    pub(crate) state: String,
    pub(crate) authorized: i64,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    pub(crate) due_at: Option<i64>,
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

/// The payments after one, in the order of their ids.
pub(crate) async fn sums(
    sql: &impl Sql,
    after: Option<PaymentId>,
    limit: u32,
) -> Result<Vec<Sums>, Failure> {
    let select = "SELECT payment_id, order_id, currency, state, authorized, captured, refunded, due_at FROM payment \
                  WHERE payment_id > $1 ORDER BY payment_id LIMIT $2";
    let after = after.map(|payment| payment.to_string()).unwrap_or_default();
    sql.all(select, params![after, limit]).await
}
