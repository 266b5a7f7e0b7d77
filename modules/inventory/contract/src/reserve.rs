use kernel::{OrderId, Quantity, SkuId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for stock to be held for an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reserve {
    /// Whose stock it becomes, and the key of the call.
    pub order: OrderId,
    /// What is wanted; several lines of one SKU add up.
    pub lines: Vec<Held>,
}

/// So many of a SKU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Held {
    /// Of what.
    pub sku: SkuId,
    /// How many.
    pub quantity: Quantity,
}

/// What is held for an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reservation {
    /// For which order.
    pub order: OrderId,
    /// One line a SKU, sorted by SKU.
    pub lines: Vec<Held>,
}

/// Gives back what is held for an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// Of which order, and the key of the call.
    pub order: OrderId,
}

/// A line that can't be held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shortage {
    /// Of what.
    pub sku: SkuId,
    /// How many were wanted.
    pub requested: u32,
    /// How many there are.
    pub available: u32,
}

/// Why stock is not held or given back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ReserveRefusal {
    /// There is not enough of some lines; nothing was held.
    #[error("not enough in stock")]
    OutOfStock {
        /// The lines that fall short.
        lines: Vec<Shortage>,
    },
    /// What was held for the order has been given back.
    #[error("the order is closed")]
    OrderClosed,
    /// The order holds other lines already.
    #[error("the order was reserved with other lines")]
    KeyReused,
}
refusal!(ReserveRefusal { OutOfStock => Conflict, OrderClosed => Conflict, KeyReused => Invalid });
