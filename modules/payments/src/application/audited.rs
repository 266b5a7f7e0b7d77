use async_trait::async_trait;
use kernel::{Failure, OrderId, Timestamp};
use platform::ops::{Audited, Fact};
use platform::{FromQueryResult, Sql as _, params, parsed};

use super::audit::audit;
use crate::PaymentsModule;

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

#[async_trait]
impl Audited for PaymentsModule {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        audit(&self.database).await
    }

    /// What is recorded of each order's money; `unsettled` is 1 while the provider's record may be ahead of this one.
    async fn facts(&self, after: Option<OrderId>, limit: u32) -> Result<Vec<Fact>, Failure> {
        let select = "SELECT order_id, currency, state, amount, authorized, captured, refunded, due_at, updated_at \
                      FROM payment WHERE order_id > $1 ORDER BY order_id LIMIT $2";
        let after = after.map(|order| order.to_string()).unwrap_or_default();
        let rows: Vec<FactRow> = self.database.all(select, params![after, limit]).await?;
        rows.into_iter().map(FactRow::into_fact).collect()
    }
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
