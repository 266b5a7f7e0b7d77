//! The port through which money is moved. Each provider has a crate of its own under `providers/`.

use std::fmt;

use async_trait::async_trait;
use kernel::{Failure, Money, OrderId, PaymentId, RefundId, Secret};

/// Whoever keeps and moves the buyers' money.
///
/// Every operation is idempotent by its key: asked again, it answers what it answered, and nothing moves twice. A failure
/// whose `executed` is `No` promises that nothing happened and that the key may be used again.
#[async_trait]
pub trait PaymentProvider: Send + Sync + 'static {
    /// Its stable code, which buyers name.
    fn code(&self) -> &'static str;

    /// Sets money aside.
    async fn authorize(
        &self,
        key: &ProviderKey,
        authorization: &Authorization,
    ) -> Result<Outcome, Failure>;

    /// Takes what was set aside. Declines what was voided.
    async fn capture(
        &self,
        key: &ProviderKey,
        reference: &str,
        amount: Money,
    ) -> Result<Outcome, Failure>;

    /// Lets go of what was set aside. Declines what was captured.
    async fn void(&self, key: &ProviderKey, reference: &str) -> Result<Outcome, Failure>;

    /// Gives back of what was taken. Declines what is more than that.
    async fn refund(
        &self,
        key: &ProviderKey,
        reference: &str,
        amount: Money,
    ) -> Result<Outcome, Failure>;

    /// What became of the operation with a key; `None` while the provider has heard of none.
    async fn find(&self, key: &ProviderKey) -> Result<Option<Outcome>, Failure>;
}

/// Names an operation for the provider. Made of our own ids, so that it is the same in every attempt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderKey(String);

impl ProviderKey {
    /// Of setting a payment's money aside.
    pub fn authorize(payment: PaymentId) -> Self {
        Self(format!("{payment}/authorize"))
    }

    /// Of taking it.
    pub fn capture(payment: PaymentId) -> Self {
        Self(format!("{payment}/capture"))
    }

    /// Of letting go of it.
    pub fn void(payment: PaymentId) -> Self {
        Self(format!("{payment}/void"))
    }

    /// Of one refund.
    pub fn refund(payment: PaymentId, refund: RefundId) -> Self {
        Self(format!("{payment}/refund/{refund}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProviderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is to be set aside.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Our id of the payment, for the provider's record.
    pub payment: PaymentId,
    /// Our id of the order, for the provider's record.
    pub order: OrderId,
    /// How much.
    pub amount: Money,
    /// What the provider gave the buyer's browser for the card.
    pub token: Secret,
}

/// What the provider decided, for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did it.
    Done {
        /// Its name for the money that was set aside.
        reference: String,
    },
    /// It said no, and will say so again for this key.
    Declined {
        /// Why, `snake_case`.
        decline_code: String,
    },
}
