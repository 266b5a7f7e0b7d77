use kernel::{Label, Money, OrderId, PaymentId, Secret, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::PaymentOwner;

/// Sets money aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Authorize {
    /// For which order, and the key of the call.
    pub order: OrderId,
    /// The id that the payment gets.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
    /// The provider's code.
    pub provider: String,
    /// What the provider gave the buyer's browser for the card.
    pub token: Secret,
    /// Who may see it.
    pub owner: PaymentOwner,
}

/// Lets go of an order's money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Void {
    /// Of which order, and the key of the call.
    pub order: OrderId,
}

/// Takes what was set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Capture {
    /// Of which payment, and the key of the call.
    pub payment: PaymentId,
}

/// Gives money back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Refund {
    /// Of which payment.
    pub payment: PaymentId,
    /// How much; all that is left if absent.
    pub amount: Option<Money>,
    /// Why.
    pub reason: Label<200>,
}

/// Asks for a payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetPayment {
    /// Which.
    pub payment: PaymentId,
}

/// Asks for the providers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListProviders {}

/// Why money was not set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum AuthorizeRefusal {
    /// The provider said no.
    #[error("the payment was declined")]
    PaymentDeclined {
        /// The provider's reason, in snake case.
        decline_code: String,
    },
    /// There is no such provider here.
    #[error("no such payment provider")]
    UnknownProvider,
    /// The order was undone.
    #[error("the order is closed")]
    OrderClosed,
    /// The order was authorised with another amount or provider.
    #[error("the order was authorized with other content")]
    KeyReused,
}
refusal!(AuthorizeRefusal {
    PaymentDeclined => Declined,
    UnknownProvider => Invalid,
    OrderClosed => Conflict,
    KeyReused => Invalid,
});

/// Why a payment can't be shown or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum PaymentRefusal {
    /// There is none, or not for this caller.
    #[error("no such payment")]
    NotFound,
    /// There is nothing set aside to take.
    #[error("nothing to capture")]
    NotCapturable,
    /// More than was captured and not yet given back.
    #[error("only {refundable} can be refunded")]
    OverRefund {
        /// What can be given back, in minor units.
        refundable: i64,
    },
    /// The amount is in another currency, or not above zero.
    #[error("not an amount of this payment")]
    InvalidAmount,
    /// The key named another refund.
    #[error("the key was used for another refund")]
    IdempotencyKeyReused,
    /// The call has no key.
    #[error("a refund needs an idempotency key")]
    IdempotencyKeyMissing,
    /// The provider did not give it back; this key will not give it back either.
    #[error("the provider refused the refund")]
    RefundDeclined {
        /// The provider's reason, `snake_case`.
        decline_code: String,
    },
    /// Only staff may.
    #[error("only staff may move money")]
    Forbidden,
}
refusal!(PaymentRefusal {
    NotFound => NotFound,
    NotCapturable => Conflict,
    OverRefund => Conflict,
    InvalidAmount => Invalid,
    IdempotencyKeyReused => Invalid,
    IdempotencyKeyMissing => Invalid,
    RefundDeclined => Conflict,
    Forbidden => Forbidden,
});
