use kernel::{Failure, Money, PaymentId, RefundId};
use platform::{FromQueryResult, Sql, UnitOfWork, params, parsed};

use crate::provider::Outcome;

/// The refunds, by the key that named them.
pub(crate) struct RefundRows<'uow> {
    uow: &'uow UnitOfWork,
}

/// A refund as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RefundRow {
    pub(crate) id: RefundId,
    pub(crate) payment: PaymentId,
    pub(crate) key: String,
    pub(crate) digest: String,
    pub(crate) amount: Money,
    pub(crate) reason: String,
    pub(crate) outcome: RefundOutcome,
}

/// What became of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefundOutcome {
    /// The provider was or will be asked.
    Pending,
    /// The money was given back; so much was given back in all by then.
    Done { refunded: Money },
    /// The provider said no.
    Declined { code: String },
}

#[derive(FromQueryResult)]
struct StoredRefund {
    refund_id: String,
    payment_id: String,
    key: String,
    digest: String,
    amount: i64,
    reason: String,
    state: String,
    decline_code: Option<String>,
    refunded_after: Option<i64>,
    currency: String,
}

const SELECT: &str = "SELECT r.refund_id, r.payment_id, r.key, r.digest, r.amount, r.reason, r.state, r.decline_code, \
                      r.refunded_after, p.currency FROM refund r JOIN payment p ON p.payment_id = r.payment_id";

impl<'uow> RefundRows<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Writes that the provider is to be asked; says no if the key names a refund already.
    pub(crate) async fn open(&self, refund: &RefundRow) -> Result<bool, Failure> {
        let insert = "INSERT INTO refund (payment_id, key, refund_id, digest, amount, reason, state, asked_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7) ON CONFLICT DO NOTHING";
        let values = params![
            refund.payment,
            refund.key,
            refund.id,
            refund.digest,
            refund.amount.amount(),
            refund.reason,
            self.uow.now()
        ];
        Ok(self.uow.run(insert, values).await? == 1)
    }

    /// Writes what the provider answered; says no if that is written already.
    pub(crate) async fn settle(
        &self,
        refund: &RefundRow,
        outcome: &Outcome,
    ) -> Result<bool, Failure> {
        let update = "UPDATE refund SET state = $3, decline_code = $4, settled_at = $5 \
                      WHERE payment_id = $1 AND key = $2 AND state = 'pending'";
        let (state, code) = match outcome {
            Outcome::Done { .. } => ("done", None),
            Outcome::Declined { decline_code } => ("declined", Some(decline_code.as_str())),
        };
        let values = params![refund.payment, refund.key, state, code, self.uow.now()];
        Ok(self.uow.run(update, values).await? == 1)
    }

    /// Writes how much was given back in all when this was.
    pub(crate) async fn note_sum(
        &self,
        refund: &RefundRow,
        refunded: Money,
    ) -> Result<(), Failure> {
        let update = "UPDATE refund SET refunded_after = $3 WHERE payment_id = $1 AND key = $2";
        let values = params![refund.payment, refund.key, refunded.amount()];
        self.uow.run(update, values).await.map(|_| ())
    }

    /// The refund that a key names, as this unit of work sees it.
    pub(crate) async fn named(
        &self,
        payment: PaymentId,
        key: &str,
    ) -> Result<Option<RefundRow>, Failure> {
        let select = format!("{SELECT} WHERE r.payment_id = $1 AND r.key = $2");
        let row: Option<StoredRefund> = self.uow.first(&select, params![payment, key]).await?;
        row.map(StoredRefund::into_refund).transpose()
    }
}

/// The refunds of a payment that the provider did not answer yet, oldest first.
pub(crate) async fn pending(sql: &impl Sql, payment: PaymentId) -> Result<Vec<RefundRow>, Failure> {
    let select = format!(
        "{SELECT} WHERE r.payment_id = $1 AND r.state = 'pending' ORDER BY r.asked_at, r.key"
    );
    let rows: Vec<StoredRefund> = sql.all(&select, params![payment]).await?;
    rows.into_iter().map(StoredRefund::into_refund).collect()
}

/// How often the rest of a closed order's money was to be given back.
pub(crate) async fn count_named(
    sql: &impl Sql,
    payment: PaymentId,
    prefix: &str,
) -> Result<i64, Failure> {
    let count = "SELECT COUNT(*) FROM refund WHERE payment_id = $1 AND key LIKE $2";
    sql.number(count, params![payment, format!("{prefix}%")]).await
}

impl StoredRefund {
    fn into_refund(self) -> Result<RefundRow, Failure> {
        let currency = parsed(&self.currency)?;
        let outcome = match (self.state.as_str(), self.refunded_after, self.decline_code) {
            ("done", Some(refunded), _) => {
                RefundOutcome::Done { refunded: Money::new(refunded, currency) }
            }
            ("declined", _, Some(code)) => RefundOutcome::Declined { code },
            _ => RefundOutcome::Pending,
        };
        Ok(RefundRow {
            id: parsed(&self.refund_id)?,
            payment: parsed(&self.payment_id)?,
            key: self.key,
            digest: self.digest,
            amount: Money::new(self.amount, currency),
            reason: self.reason,
            outcome,
        })
    }
}
