use kernel::{
    CartId, Currency, Email, Label, Money, OrderId, PostalAddress, Secret, SkuId, refusal,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Order, OrderLine, OrderTotals};

/// Asks what an order would cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuoteOrder {
    /// Of which cart.
    pub cart: CartId,
    /// Where the parcel goes.
    pub shipping_address: PostalAddress,
    /// The code of the way it goes.
    pub shipping_method: String,
    /// A code that takes something off.
    pub discount_code: Option<String>,
}

/// What an order would cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// Its sums.
    pub totals: OrderTotals,
}

/// Buys a cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceOrder {
    /// Which.
    pub cart: CartId,
    /// Where mail goes; a guest must say it, an account has one of its own.
    pub email: Option<Email>,
    /// Where the parcel goes.
    pub shipping_address: PostalAddress,
    /// The code of the way it goes.
    pub shipping_method: String,
    /// With what it is paid.
    pub payment: PaymentMeans,
    /// A code that takes something off.
    pub discount_code: Option<String>,
    /// Refuses if the total is another.
    pub expected_total: Option<Money>,
}

/// With what an order is paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentMeans {
    /// The provider's code.
    pub provider: String,
    /// What the provider gave the buyer's browser.
    pub token: Secret,
}

/// The outcome of a purchase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Placed {
    /// The order: `confirmed`, `pending` or `rejected`, or what became of it since.
    pub order: Order,
    /// Whether an earlier purchase with the same key is what is told.
    pub replayed: bool,
}

/// Undoes an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cancel {
    /// Which.
    pub order: OrderId,
    /// Why.
    pub reason: Option<Label<200>>,
}

/// Why a cart was not bought. Nothing was recorded, and the key is free.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum PlaceRefusal {
    /// There is no such cart, or not for this caller.
    #[error("no such cart")]
    UnknownCart,
    /// There is nothing in it.
    #[error("the cart is empty")]
    CartEmpty,
    /// A live order was made of it.
    #[error("the cart was ordered")]
    CartSpent {
        /// Which order.
        order_id: OrderId,
    },
    /// The total is not what the caller expects.
    #[error("the total is {}", actual.amount())]
    PriceChanged {
        /// What the caller expects.
        expected: Money,
        /// What it is.
        actual: Money,
    },
    /// A SKU of the cart is not sold any more.
    #[error("{sku} is not sold")]
    UnknownSku {
        /// Which.
        sku: SkuId,
    },
    /// A SKU of the cart has no price in its currency.
    #[error("{sku} has no price in {currency}")]
    NoPrice {
        /// Which.
        sku: SkuId,
        /// The cart's currency.
        currency: Currency,
    },
    /// The parcel does not go that way.
    #[error("no such shipping method")]
    UnknownShippingMethod,
    /// There is no such code.
    #[error("no such discount code")]
    UnknownDiscountCode,
    /// There is no such provider.
    #[error("no such payment provider")]
    UnknownProvider,
    /// A guest must say where mail goes.
    #[error("a guest's order needs an e-mail")]
    EmailMissing,
    /// The key named another purchase.
    #[error("the key was used with another body")]
    IdempotencyKeyReused,
    /// The call has no key.
    #[error("a purchase needs an idempotency key")]
    IdempotencyKeyMissing,
    /// The sums are beyond any order.
    #[error("the amounts are too large")]
    AmountTooLarge,
}
refusal!(PlaceRefusal {
    UnknownCart => NotFound,
    CartEmpty => Conflict,
    CartSpent => Conflict,
    PriceChanged => Conflict,
    UnknownSku => Conflict,
    NoPrice => Invalid,
    UnknownShippingMethod => Invalid,
    UnknownDiscountCode => Invalid,
    UnknownProvider => Invalid,
    EmailMissing => Invalid,
    IdempotencyKeyReused => Invalid,
    IdempotencyKeyMissing => Invalid,
    AmountTooLarge => Invalid,
});

/// Why an order is not undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum CancelRefusal {
    /// There is none, or not for this caller.
    #[error("no such order")]
    NotFound,
    /// It can't be undone any more.
    #[error("too late to cancel")]
    TooLate,
}
refusal!(CancelRefusal { NotFound => NotFound, TooLate => Conflict });
