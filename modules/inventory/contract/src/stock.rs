use kernel::{Label, PageRequest, SkuId, Timestamp, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks how much of some SKUs can be sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Availability {
    /// Of which; at most 100.
    pub skus: Vec<SkuId>,
}

/// How much of a SKU can be sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StockLevel {
    /// Of what.
    pub sku: SkuId,
    /// How many.
    pub available: u32,
}

/// Asks for the counters of a SKU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetStock {
    /// Of what.
    pub sku: SkuId,
}

/// The counters of a SKU: `available` is `on_hand` less `reserved`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stock {
    /// Of what.
    pub sku: SkuId,
    /// How many lie on the shelf.
    pub on_hand: u32,
    /// How many of them are held for orders.
    pub reserved: u32,
    /// How many can be sold.
    pub available: u32,
}

/// Says how much lies on the shelf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetOnHand {
    /// Of what. A SKU without stock gets its first.
    pub sku: SkuId,
    /// How many, held ones included.
    pub on_hand: u32,
}

/// Adds to the shelf or takes from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AdjustStock {
    /// Of what.
    pub sku: SkuId,
    /// How many more, or fewer.
    pub delta: i32,
    /// Why.
    pub reason: Label<200>,
}

/// Sets the first stock of SKUs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenStock {
    /// Of which, at most 1,000.
    pub items: Vec<OpeningStock>,
}

/// The first stock of a SKU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpeningStock {
    /// Of what.
    pub sku: SkuId,
    /// How many.
    pub on_hand: u32,
}

/// How many SKUs got their first stock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StockOpened {
    /// How many.
    pub opened: u64,
}

/// Asks for the movements of a SKU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListMovements {
    /// Of what.
    pub sku: SkuId,
    /// Which part.
    pub page: PageRequest,
}

/// One change of a SKU's counters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Movement {
    /// Its number within the SKU, from 1.
    pub number: u64,
    /// Why: `opened`, `counted`, `adjusted`, `reserved`, `released`.
    pub kind: String,
    /// What it added to `on_hand`.
    pub on_hand_delta: i64,
    /// What it added to `reserved`.
    pub reserved_delta: i64,
    /// The order, or the reason that staff gave.
    pub reference: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Why stock can't be shown or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum StockRefusal {
    /// There never was any.
    #[error("no stock of {sku}")]
    UnknownSku {
        /// Of what.
        sku: SkuId,
    },
    /// More is held for orders than would be left.
    #[error("{reserved} are held for orders")]
    BelowReserved {
        /// How many are held.
        reserved: u32,
    },
    /// More than a shelf holds.
    #[error("at most {most} of a SKU")]
    TooMuch {
        /// The most.
        most: u32,
    },
    /// Only staff may.
    #[error("only staff may change stock")]
    Forbidden,
    /// The cursor is not one of this list.
    #[error("not a cursor of this list")]
    UnknownCursor,
}
refusal!(StockRefusal {
    UnknownSku => NotFound,
    BelowReserved => Conflict,
    TooMuch => Invalid,
    Forbidden => Forbidden,
    UnknownCursor => Invalid,
});
