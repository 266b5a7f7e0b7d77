use kernel::{CartId, Currency, Money, OrderId, Quantity, SkuId, Timestamp, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A cart as its buyer sees it, priced now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cart {
    /// Its id, which is the key to a guest's cart.
    pub id: CartId,
    /// In which currency it is priced.
    pub currency: Currency,
    /// In the order in which the SKUs came in.
    pub lines: Vec<CartLine>,
    /// The sum of the lines that have a price.
    pub subtotal: Money,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A line, priced now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CartLine {
    /// What.
    pub sku: SkuId,
    /// Its name now; the SKU itself where the catalogue no longer sells it.
    pub title: String,
    /// How many.
    pub quantity: Quantity,
    /// Its price now; absent where it is no longer sold.
    pub unit_price: Option<Money>,
    /// The price of all.
    pub line_total: Option<Money>,
    /// How many can be sold; absent while inventory can't be reached.
    pub available: Option<u32>,
}

/// What is in a cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CartContents {
    /// Which cart.
    pub id: CartId,
    /// Whose it is.
    pub owner: CartOwner,
    /// In which currency it is priced.
    pub currency: Currency,
    /// In the order in which the SKUs came in.
    pub lines: Vec<WantedLine>,
    /// The live order that froze it.
    pub order: Option<OrderId>,
}

/// So many of a SKU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WantedLine {
    /// What.
    pub sku: SkuId,
    /// How many.
    pub quantity: Quantity,
}

/// Whose a cart is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CartOwner {
    /// Whoever knows its id.
    Guest,
    /// A signed-in buyer.
    User {
        /// Who.
        id: UserId,
    },
}
