use std::collections::HashMap;

use catalog_contract as contract;
use kernel::{ProductId, SkuId, Timestamp, VariantId};
use serde::Serialize;
use utoipa::ToSchema;

use super::common::Money;
use super::schema::{Id, Sku, Time};

/// A product in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ProductSummary {
    #[schema(value_type = Id)]
    id: ProductId,
    slug: String,
    title: String,
    /// The slug of its category.
    category: Option<String>,
    /// The address of its first image.
    image: Option<String>,
    /// The price of its cheapest variant; null where none has one in the currency asked for.
    price_from: Option<Money>,
}

impl From<contract::ProductSummary> for ProductSummary {
    fn from(product: contract::ProductSummary) -> Self {
        let contract::ProductSummary { id, slug, title, category, image, price_from } = product;
        Self { id, slug, title, category, image, price_from: price_from.map(Money::from) }
    }
}

/// A product.
#[derive(Serialize, ToSchema)]
pub(super) struct Product {
    #[schema(value_type = Id)]
    id: ProductId,
    slug: String,
    title: String,
    /// HTML as the shop wrote it.
    description: String,
    /// The slug of its category.
    category: Option<String>,
    vendor: Option<String>,
    tags: Vec<String>,
    images: Vec<Image>,
    variants: Vec<Variant>,
    /// Whether it is off sale.
    archived: bool,
    #[schema(value_type = Time)]
    created_at: Timestamp,
    #[schema(value_type = Time)]
    updated_at: Timestamp,
}

/// An image.
#[derive(Serialize, ToSchema)]
pub(super) struct Image {
    /// Its address.
    url: String,
    /// What it shows, for those who can't see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
}

/// A variant.
#[derive(Serialize, ToSchema)]
pub(super) struct Variant {
    #[schema(value_type = Id)]
    id: VariantId,
    #[schema(value_type = Sku)]
    sku: SkuId,
    title: String,
    options: Vec<VariantOption>,
    /// Null where it has none in the currency asked for.
    price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compare_at_price: Option<Money>,
    weight_grams: u32,
    /// How many can be sold; null while inventory can't be reached.
    available: Option<u32>,
}

/// What tells a variant from its siblings.
#[derive(Serialize, ToSchema)]
pub(super) struct VariantOption {
    /// `Size`.
    name: String,
    /// `Small`.
    value: String,
}

/// How many of each SKU can be sold, or that nobody can say.
pub(super) type Availability = Option<HashMap<SkuId, u32>>;

impl Product {
    pub(super) fn of(product: contract::Product, availability: &Availability) -> Self {
        let images = product.images.into_iter();
        let variants = product.variants.into_iter();
        Self {
            id: product.id,
            slug: product.slug,
            title: product.title,
            description: product.description,
            category: product.category,
            vendor: product.vendor,
            tags: product.tags,
            images: images.map(|image| Image { url: image.url, alt: image.alt }).collect(),
            variants: variants.map(|variant| Variant::of(variant, availability)).collect(),
            archived: product.archived,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

impl Variant {
    fn of(variant: contract::Variant, availability: &Availability) -> Self {
        // A SKU that inventory does not know has no stock.
        let known = availability.as_ref();
        let available = known.map(|known| known.get(&variant.sku).copied().unwrap_or_default());
        let options = variant.options.into_iter();
        Self {
            id: variant.id,
            sku: variant.sku,
            title: variant.title,
            options: options
                .map(|option| VariantOption { name: option.name, value: option.value })
                .collect(),
            price: variant.price.map(Money::from),
            compare_at_price: variant.compare_at_price.map(Money::from),
            weight_grams: variant.weight_grams,
            available,
        }
    }
}
