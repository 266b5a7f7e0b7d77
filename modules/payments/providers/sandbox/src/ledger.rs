use kernel::{Currency, Failure, OrderId, PaymentId};
use platform::{Database, FromQueryResult, Sql as _, params, parsed};

/// What the sandbox recorded of a payment, over all its charges: the truth that the shop's own record is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Of which payment of the shop.
    pub payment: PaymentId,
    /// Of which order of the shop.
    pub order: OrderId,
    /// How often money was set aside; never more than once, if the shop is right.
    pub charges: i64,
    /// What was set aside, also if it was let go of since; nothing if it was declined.
    pub authorized: i64,
    /// What was let go of.
    pub voided: i64,
    /// What was taken.
    pub captured: i64,
    /// What was given back.
    pub refunded: i64,
    /// The currency of all these.
    pub currency: Currency,
}

#[derive(FromQueryResult)]
struct EntryRow {
    payment_id: String,
    order_id: String,
    currency: String,
    charges: i64,
    authorized: i64,
    voided: i64,
    captured: i64,
    refunded: i64,
}

/// What the sandbox recorded of the payments after one, in the order of their ids, at most `limit`.
pub async fn ledger(
    database: &Database,
    after: Option<PaymentId>,
    limit: u32,
) -> Result<Vec<LedgerEntry>, Failure> {
    let select = "SELECT payment_id, MIN(order_id) AS order_id, MIN(currency) AS currency, \
                  COUNT(CASE WHEN decline_code IS NULL THEN 1 END) AS charges, \
                  CAST(SUM(CASE WHEN decline_code IS NULL THEN amount ELSE 0 END) AS BIGINT) AS authorized, \
                  CAST(SUM(CASE WHEN voided THEN amount ELSE 0 END) AS BIGINT) AS voided, \
                  CAST(SUM(captured) AS BIGINT) AS captured, CAST(SUM(refunded) AS BIGINT) AS refunded \
                  FROM charge WHERE payment_id > $1 GROUP BY payment_id ORDER BY payment_id LIMIT $2";
    let after = after.map(|payment| payment.to_string()).unwrap_or_default();
    let rows: Vec<EntryRow> = database.all(select, params![after, limit]).await?;
    rows.iter().map(EntryRow::entry).collect()
}

impl EntryRow {
    fn entry(&self) -> Result<LedgerEntry, Failure> {
        Ok(LedgerEntry {
            payment: parsed(&self.payment_id)?,
            order: parsed(&self.order_id)?,
            charges: self.charges,
            authorized: self.authorized,
            voided: self.voided,
            captured: self.captured,
            refunded: self.refunded,
            currency: parsed(&self.currency)?,
        })
    }
}
