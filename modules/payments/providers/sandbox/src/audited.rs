use async_trait::async_trait;
use kernel::{Failure, OrderId, Timestamp};
use platform::ops::{Audited, Fact};
use platform::{FromQueryResult, Sql as _, params, parsed};

use crate::SandboxProvider;

#[derive(FromQueryResult)]
struct FactRow {
    order_id: String,
    currency: String,
    charges: i64,
    authorized: i64,
    voided: i64,
    captured: i64,
    refunded: i64,
    changed_at: i64,
}

#[async_trait]
impl Audited for SandboxProvider {
    /// It is the judge, not the judged.
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }

    /// What was charged for each order, over all its charges; `charges` is how often money was set aside.
    async fn facts(&self, after: Option<OrderId>, limit: u32) -> Result<Vec<Fact>, Failure> {
        let select = "SELECT order_id, MIN(currency) AS currency, \
                      COUNT(CASE WHEN decline_code IS NULL THEN 1 END) AS charges, \
                      CAST(SUM(CASE WHEN decline_code IS NULL THEN amount ELSE 0 END) AS BIGINT) AS authorized, \
                      CAST(SUM(CASE WHEN voided THEN amount ELSE 0 END) AS BIGINT) AS voided, \
                      CAST(SUM(captured) AS BIGINT) AS captured, CAST(SUM(refunded) AS BIGINT) AS refunded, \
                      MAX(changed_at) AS changed_at \
                      FROM charge WHERE order_id > $1 GROUP BY order_id ORDER BY order_id LIMIT $2";
        let after = after.map(|order| order.to_string()).unwrap_or_default();
        let rows: Vec<FactRow> = self.database.all(select, params![after, limit]).await?;
        rows.into_iter().map(FactRow::into_fact).collect()
    }
}

impl FactRow {
    fn into_fact(self) -> Result<Fact, Failure> {
        let amounts = [
            ("charges", self.charges),
            ("authorized", self.authorized),
            ("voided", self.voided),
            ("captured", self.captured),
            ("refunded", self.refunded),
        ];
        Ok(Fact {
            order: parsed(&self.order_id)?,
            state: "recorded".to_owned(),
            amounts: amounts.map(|(name, amount)| (name.to_owned(), amount)).into(),
            currency: Some(parsed(&self.currency)?),
            changed_at: Timestamp::from_micros(self.changed_at),
        })
    }
}
