use kernel::{Currency, Money, PageRequest, ProductId, SkuId, Timestamp, VariantId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListProducts {
    /// Words that all must begin words of the product.
    #[serde(default)]
    pub query: Option<String>,
    /// The slug of a category; products below it count.
    #[serde(default)]
    pub category: Option<String>,
    /// In minor units of `currency`.
    #[serde(default)]
    pub min_price: Option<i64>,
    /// In minor units of `currency`.
    #[serde(default)]
    pub max_price: Option<i64>,
    /// In which order.
    pub sort: ProductSort,
    /// In which currency prices are wanted; the shop's own if absent.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Which part.
    pub page: PageRequest,
}

/// The orders in which products are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProductSort {
    /// Best match first; without a query, newest first.
    Relevance,
    /// Newest first.
    Newest,
    /// Cheapest first.
    PriceAscending,
    /// Dearest first.
    PriceDescending,
}

/// A product in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProductSummary {
    /// Its id.
    pub id: ProductId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// The slug of its category.
    pub category: Option<String>,
    /// The address of its first image.
    pub image: Option<String>,
    /// The price of its cheapest variant.
    pub price_from: Option<Money>,
}

/// Asks for a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetProduct {
    /// Its id or its slug.
    pub product: String,
    /// In which currency prices are wanted; the shop's own if absent.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// What is said of it; HTML as the shop wrote it.
    pub description: String,
    /// The slug of its category.
    pub category: Option<String>,
    /// Who makes it.
    pub vendor: Option<String>,
    /// Words it is found by.
    pub tags: Vec<String>,
    /// Its images, in order.
    pub images: Vec<Image>,
    /// Its variants, in order.
    pub variants: Vec<Variant>,
    /// Whether it is off sale.
    pub archived: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Grows with every change.
    pub version: u64,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Image {
    /// Its address.
    pub url: String,
    /// What it shows, for those who can't see it.
    #[serde(default)]
    pub alt: Option<String>,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// Its identity everywhere.
    pub sku: SkuId,
    /// Its name for people.
    pub title: String,
    /// What tells it from its siblings.
    pub options: Vec<VariantOption>,
    /// Its price; absent where it has none in the currency asked for.
    pub price: Option<Money>,
    /// The price it is compared with.
    pub compare_at_price: Option<Money>,
    /// What it weighs.
    pub weight_grams: u32,
}

/// One thing that tells a variant from its siblings: its size, its colour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariantOption {
    /// `Size`.
    pub name: String,
    /// `Small`.
    pub value: String,
}

/// Asks what SKUs are and cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Offers {
    /// Which; at most 100.
    pub skus: Vec<SkuId>,
    /// In which currency prices are wanted; the shop's own if absent.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Whether those that are not on sale are told as well.
    #[serde(default)]
    pub not_on_sale_too: bool,
}

/// What a SKU is and costs now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    /// Which.
    pub sku: SkuId,
    /// Of which product.
    pub product: ProductId,
    /// Product and variant, for people.
    pub title: String,
    /// Its price; absent where it has none in the currency asked for.
    pub price: Option<Money>,
    /// What it weighs.
    pub weight_grams: u32,
}

/// Why products can't be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ProductRefusal {
    /// There is none.
    #[error("no such product")]
    NotFound,
    /// The cursor is not one of this list.
    #[error("not a cursor of this list")]
    UnknownCursor,
    /// There is no such category.
    #[error("no such category")]
    UnknownCategory,
}
refusal!(ProductRefusal { NotFound => NotFound, UnknownCursor => Invalid, UnknownCategory => NotFound });
