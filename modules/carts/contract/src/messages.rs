use kernel::{CartId, Currency, OrderId, Quantity, SkuId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Makes a cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateCart {
    /// In which currency; the shop's own if absent.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// Asks for a cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetCart {
    /// Which.
    pub cart: CartId,
}

/// Sets the quantity of a SKU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PutLine {
    /// In which cart.
    pub cart: CartId,
    /// Of what.
    pub sku: SkuId,
    /// How many; none removes the line.
    pub quantity: Option<Quantity>,
}

/// Removes a SKU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveLine {
    /// From which cart.
    pub cart: CartId,
    /// What.
    pub sku: SkuId,
}

/// Makes a guest's cart the caller's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimCart {
    /// Which.
    pub cart: CartId,
}

/// Keeps a cart from changing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Freeze {
    /// Which.
    pub cart: CartId,
    /// For which order.
    pub order: OrderId,
}

/// Lets a cart change again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Thaw {
    /// Which.
    pub cart: CartId,
    /// Whose freeze ends.
    pub order: OrderId,
}

/// Why a cart can't be shown or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum CartRefusal {
    /// There is none, or not for this caller.
    #[error("no such cart")]
    UnknownCart,
    /// The catalogue does not sell it.
    #[error("no such SKU")]
    UnknownSku {
        /// What.
        sku: SkuId,
    },
    /// It has no price in the cart's currency.
    #[error("{sku} has no price in {currency}")]
    NoPrice {
        /// What.
        sku: SkuId,
        /// The cart's currency.
        currency: Currency,
    },
    /// A live order was made of it.
    #[error("the cart was ordered")]
    CartSpent {
        /// Which order.
        order_id: OrderId,
    },
    /// It is full.
    #[error("at most {most} lines")]
    TooManyLines {
        /// The most.
        most: u32,
    },
    /// The order was undone.
    #[error("the order is closed")]
    OrderClosed,
}
refusal!(CartRefusal {
    UnknownCart => NotFound,
    UnknownSku => NotFound,
    NoPrice => Invalid,
    CartSpent => Conflict,
    TooManyLines => Invalid,
    OrderClosed => Conflict,
});
