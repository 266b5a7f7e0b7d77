use kernel::{Label, Money, ProductId, SkuId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Image, VariantOption};

/// Makes a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateProduct {
    /// Its name for people.
    pub title: Label<200>,
    /// Its name in addresses; made of the title if absent.
    #[serde(default)]
    pub slug: Option<String>,
    /// What is said of it.
    #[serde(default)]
    pub description: String,
    /// The slug of its category.
    #[serde(default)]
    pub category: Option<String>,
    /// Who makes it.
    #[serde(default)]
    pub vendor: Option<Label<200>>,
    /// Words it is found by.
    #[serde(default)]
    pub tags: Vec<Label<100>>,
    /// Its images, in order.
    #[serde(default)]
    pub images: Vec<Image>,
    /// Its variants, in order; at least one, at most 100.
    pub variants: Vec<NewVariant>,
}

/// A variant to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewVariant {
    /// Its identity, for ever.
    pub sku: SkuId,
    /// Its name for people; made of the options if absent.
    #[serde(default)]
    pub title: Option<Label<200>>,
    /// What tells it from its siblings.
    #[serde(default)]
    pub options: Vec<VariantOption>,
    /// Its prices, one a currency; at least one.
    pub prices: Vec<Money>,
    /// The prices it is compared with, one a currency.
    #[serde(default)]
    pub compare_at_prices: Vec<Money>,
    /// What it weighs.
    #[serde(default)]
    pub weight_grams: u32,
}

/// Changes a product; what is absent stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateProduct {
    /// Which.
    pub product: ProductId,
    /// Its new name for people.
    pub title: Option<Label<200>>,
    /// Its new name in addresses.
    pub slug: Option<String>,
    /// What is said of it from now on.
    pub description: Option<String>,
    /// The slug of its category from now on; null, `Some(None)`, takes it out of any.
    #[serde(
        default,
        deserialize_with = "kernel::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    pub category: Option<Option<String>>,
    /// Who makes it; null, `Some(None)`, forgets.
    #[serde(
        default,
        deserialize_with = "kernel::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    pub vendor: Option<Option<Label<200>>>,
    /// Words it is found by from now on.
    pub tags: Option<Vec<Label<100>>>,
    /// Its images from now on.
    pub images: Option<Vec<Image>>,
    /// Refuses if the product is no longer at this version.
    pub expected_version: Option<u64>,
}

/// Takes a product off sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArchiveProduct {
    /// Which.
    pub product: ProductId,
}

/// Adds a variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AddVariant {
    /// To which product.
    pub product: ProductId,
    /// What.
    pub variant: NewVariant,
}

/// Changes a variant; what is absent stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateVariant {
    /// Which.
    pub sku: SkuId,
    /// Its new name for people.
    pub title: Option<Label<200>>,
    /// Its new prices; those in other currencies stay.
    #[serde(default)]
    pub prices: Vec<Money>,
    /// The prices it is compared with from now on; those in other currencies stay, and `Some` of none forgets all.
    pub compare_at_prices: Option<Vec<Money>>,
    /// What it weighs.
    pub weight_grams: Option<u32>,
    /// Refuses if the product is no longer at this version.
    pub expected_version: Option<u64>,
}

/// Why the catalogue can't be changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum EditRefusal {
    /// There is no such product or variant.
    #[error("no such product")]
    NotFound,
    /// A variant has or had the SKU.
    #[error("the SKU {sku} is taken")]
    SkuTaken {
        /// Which.
        sku: SkuId,
    },
    /// Another product has the slug.
    #[error("the slug {slug} is taken")]
    SlugTaken {
        /// Which.
        slug: String,
    },
    /// There is no such category.
    #[error("no such category")]
    UnknownCategory,
    /// A field makes no sense.
    #[error("{field} {message}")]
    Invalid {
        /// Which, as a path.
        field: String,
        /// Why.
        message: String,
    },
    /// The product changed since it was read.
    #[error("the product changed since it was read")]
    PreconditionFailed,
    /// Only staff may.
    #[error("only staff may change the catalogue")]
    Forbidden,
}
refusal!(EditRefusal {
    NotFound => NotFound,
    SkuTaken => Conflict,
    SlugTaken => Conflict,
    UnknownCategory => Invalid,
    Invalid => Invalid,
    PreconditionFailed => Stale,
    Forbidden => Forbidden,
});
