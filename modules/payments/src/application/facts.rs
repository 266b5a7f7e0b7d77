use kernel::{Currency, Failure, OrderId, PaymentId};
use payments_contract::PaymentStatus;
use platform::{Database, parsed};

use crate::store::counts::{Sums, sums};

/// What is recorded of a payment, to be compared with what its provider recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentFact {
    /// Which.
    pub payment: PaymentId,
    /// Of which order.
    pub order: OrderId,
    /// How far it is.
    pub status: PaymentStatus,
    /// What was set aside, also if it was let go of since.
    pub authorized: i64,
    /// What was taken.
    pub captured: i64,
    /// What was given back.
    pub refunded: i64,
    /// The currency of all these.
    pub currency: Currency,
    /// Nothing is left to ask the provider. Until then its record may be ahead of this one.
    pub settled: bool,
}

/// The payments after one, in the order of their ids, at most `limit`.
pub async fn facts(
    database: &Database,
    after: Option<PaymentId>,
    limit: u32,
) -> Result<Vec<PaymentFact>, Failure> {
    sums(database, after, limit).await?.iter().map(fact).collect()
}

fn fact(sums: &Sums) -> Result<PaymentFact, Failure> {
    Ok(PaymentFact {
        payment: parsed(&sums.payment_id)?,
        order: parsed(&sums.order_id)?,
        status: status(sums),
        authorized: sums.authorized,
        captured: sums.captured,
        refunded: sums.refunded,
        currency: parsed(&sums.currency)?,
        settled: sums.due_at.is_none(),
    })
}

fn status(sums: &Sums) -> PaymentStatus {
    match sums.state.as_str() {
        "declined" => PaymentStatus::Declined,
        "authorized" | "capturing" => PaymentStatus::Authorized,
        "captured" if sums.refunded > 0 && sums.refunded == sums.captured => {
            PaymentStatus::Refunded
        }
        "captured" => PaymentStatus::Captured,
        "voided" => PaymentStatus::Voided,
        _ => PaymentStatus::Pending,
    }
}
