use kernel::{SkuId, UserId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks what goes with some SKUs: the variants of a product, the lines of a cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    /// With which; at most 1,000.
    pub skus: Vec<SkuId>,
    /// At most so many; no more than 100 are told.
    pub limit: u32,
}

/// Asks what is bought most often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Popular {
    /// Only of these, such as those of a category; at most 1,000. Of all, if absent.
    #[serde(default)]
    pub among: Option<Vec<SkuId>>,
    /// At most so many; no more than 100 are told.
    pub limit: u32,
}

/// Asks what goes with what a buyer bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ForBuyer {
    /// Who, which must be the caller if a buyer calls.
    pub user: UserId,
    /// At most so many; no more than 100 are told.
    pub limit: u32,
}

/// Something to buy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recommended {
    /// What.
    pub sku: SkuId,
    /// How many orders say so. Of two with as many, the SKU that sorts first by its bytes comes first.
    pub orders: u64,
}

/// Why nothing is recommended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum RecommendationRefusal {
    /// Too many SKUs were named.
    #[error("at most {most} SKUs")]
    TooManySkus {
        /// The most.
        most: u32,
    },
    /// There is no such buyer, or not for this caller.
    #[error("no such buyer")]
    UnknownBuyer,
}
refusal!(RecommendationRefusal { TooManySkus => Invalid, UnknownBuyer => NotFound });
