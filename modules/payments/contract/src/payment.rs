use kernel::{Money, OrderId, PaymentId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A payment of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// The provider's code.
    pub provider: String,
    /// How far it is.
    pub status: PaymentStatus,
    /// What was set aside.
    pub authorized: Money,
    /// What was taken.
    pub captured: Money,
    /// What was given back.
    pub refunded: Money,
    /// Whether this answer repeats an earlier refund; false for everything else.
    #[serde(default)]
    pub replayed: bool,
}

/// How far a payment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentStatus {
    /// The provider was or will be asked.
    Pending,
    /// Money is set aside.
    Authorized,
    /// The provider said no.
    Declined,
    /// The money was taken.
    Captured,
    /// All of it was given back.
    Refunded,
    /// It was let go before it was taken.
    Voided,
    /// A status of a later version.
    #[serde(untagged)]
    Unknown(String),
}

/// Who may see a payment, besides staff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PaymentOwner {
    /// A signed-in buyer.
    User {
        /// Who.
        id: UserId,
    },
    /// Whoever shows the token of the order.
    Guest {
        /// The fingerprint of that token.
        proof_fingerprint: String,
    },
}
