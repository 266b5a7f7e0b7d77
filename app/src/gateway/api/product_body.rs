use catalog_contract as contract;
use kernel::{Label, ProductId, SkuId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::common::{Change, Money};
use super::schema::Sku;
use crate::gateway::http::Text;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateProduct {
    /// For people.
    #[schema(value_type = String, max_length = 200)]
    title: Label<200>,
    /// In addresses; made of the title if left out.
    #[schema(value_type = Option<String>, max_length = 100)]
    slug: Option<Text<100>>,
    /// HTML.
    #[schema(value_type = Option<String>, max_length = 50_000)]
    description: Option<Text<50_000>>,
    /// The slug of its category.
    #[schema(value_type = Option<String>, max_length = 200)]
    category: Option<Text<200>>,
    /// Who makes it.
    #[schema(value_type = Option<String>, max_length = 200)]
    vendor: Option<Label<200>>,
    /// Words it is found by.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 50)]
    tags: Few<Label<100>, 50>,
    /// In order.
    #[serde(default)]
    #[schema(value_type = Vec<NewImage>, max_items = 50)]
    images: Few<NewImage, 50>,
    /// In order; at least one.
    #[schema(value_type = Vec<NewVariant>, min_items = 1, max_items = 100)]
    variants: Few<NewVariant, 100>,
}

/// At most so many.
#[derive(Deserialize)]
#[serde(try_from = "Vec<T>", bound = "T: Deserialize<'de>")]
struct Few<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for Few<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> TryFrom<Vec<T>> for Few<T, MAX> {
    type Error = String;

    fn try_from(items: Vec<T>) -> Result<Self, String> {
        if items.len() > MAX {
            Err(format!("must have at most {MAX} items"))
        } else {
            Ok(Self(items))
        }
    }
}

impl<T, const MAX: usize> Few<T, MAX> {
    fn map<U>(self, convert: impl FnMut(T) -> U) -> Vec<U> {
        self.0.into_iter().map(convert).collect()
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewImage {
    /// `https://…`, or a path of the shop.
    #[schema(value_type = String, max_length = 2000)]
    url: ImageUrl,
    /// What it shows, for those who can't see it.
    #[schema(value_type = Option<String>, max_length = 500)]
    alt: Option<Text<500>>,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct ImageUrl(String);

impl TryFrom<String> for ImageUrl {
    type Error = &'static str;

    fn try_from(url: String) -> Result<Self, &'static str> {
        let known = ["https://", "http://", "/"].iter().any(|start| url.starts_with(start));
        let printable = !url.chars().any(|c| c.is_control() || c.is_whitespace());
        if known && printable && url.len() <= 2000 {
            Ok(Self(url))
        } else {
            Err("must be a URL of the web")
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewVariant {
    /// Its identity, for ever.
    #[schema(value_type = Sku)]
    sku: SkuId,
    /// For people; made of the options if left out.
    #[schema(value_type = Option<String>, max_length = 200)]
    title: Option<Label<200>>,
    /// What tells it from its siblings.
    #[serde(default)]
    #[schema(value_type = Vec<NewOption>, max_items = 3)]
    options: Few<NewOption, 3>,
    /// Its price in one currency.
    price: Option<Money>,
    /// Its prices in further currencies; at least one price is needed.
    #[serde(default)]
    #[schema(value_type = Vec<Money>, max_items = 200)]
    prices: Few<Money, 200>,
    /// The price it is compared with.
    compare_at_price: Option<Money>,
    /// What it weighs.
    #[serde(default)]
    weight_grams: u32,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOption {
    #[schema(value_type = String, max_length = 100)]
    name: Label<100>,
    #[schema(value_type = String, max_length = 100)]
    value: Label<100>,
}

impl From<NewImage> for contract::Image {
    fn from(image: NewImage) -> Self {
        Self { url: image.url.0, alt: image.alt.map(String::from) }
    }
}

impl From<NewVariant> for contract::NewVariant {
    fn from(variant: NewVariant) -> Self {
        Self {
            sku: variant.sku,
            title: variant.title,
            options: variant.options.map(|option| contract::VariantOption {
                name: option.name.into(),
                value: option.value.into(),
            }),
            prices: prices(variant.price, variant.prices),
            compare_at_prices: variant.compare_at_price.into_iter().map(Into::into).collect(),
            weight_grams: variant.weight_grams,
        }
    }
}

fn prices(one: Option<Money>, more: Few<Money, 200>) -> Vec<kernel::Money> {
    one.into_iter().chain(more.0).map(Into::into).collect()
}

/// What of a product changes; null takes away what may be absent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateProduct {
    #[schema(value_type = Option<String>, max_length = 200)]
    title: Option<Label<200>>,
    #[schema(value_type = Option<String>, max_length = 100)]
    slug: Option<Text<100>>,
    #[schema(value_type = Option<String>, max_length = 50_000)]
    description: Option<Text<50_000>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    category: Change<Text<200>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    vendor: Change<Label<200>>,
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    tags: Option<Few<Label<100>, 50>>,
    #[schema(value_type = Option<Vec<NewImage>>, max_items = 50)]
    images: Option<Few<NewImage, 50>>,
}

/// What of a variant changes; null takes away what may be absent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateVariant {
    #[schema(value_type = Option<String>, max_length = 200)]
    title: Option<Label<200>>,
    /// Its price in one currency; those in other currencies stay.
    price: Option<Money>,
    /// Its prices in further currencies.
    #[serde(default)]
    #[schema(value_type = Vec<Money>, max_items = 200)]
    prices: Few<Money, 200>,
    #[serde(default)]
    #[schema(value_type = Option<Money>)]
    compare_at_price: Change<Money>,
    weight_grams: Option<u32>,
}

impl From<CreateProduct> for contract::CreateProduct {
    fn from(body: CreateProduct) -> Self {
        Self {
            title: body.title,
            slug: body.slug.map(String::from),
            description: body.description.map(String::from).unwrap_or_default(),
            category: body.category.map(String::from),
            vendor: body.vendor,
            tags: body.tags.0,
            images: body.images.map(contract::Image::from),
            variants: body.variants.map(contract::NewVariant::from),
        }
    }
}

impl UpdateProduct {
    pub(super) fn of(self, product: ProductId, version: Option<u64>) -> contract::UpdateProduct {
        contract::UpdateProduct {
            product,
            title: self.title,
            slug: self.slug.map(String::from),
            description: self.description.map(String::from),
            category: self.category.nested(),
            vendor: self.vendor.nested(),
            tags: self.tags.map(|tags| tags.0),
            images: self.images.map(|images| images.map(contract::Image::from)),
            expected_version: version,
        }
    }
}

impl UpdateVariant {
    pub(super) fn of(self, sku: SkuId, version: Option<u64>) -> contract::UpdateVariant {
        let compare_at_prices = match self.compare_at_price {
            Change::Keep => None,
            Change::To(price) => Some(price.into_iter().map(Into::into).collect()),
        };
        contract::UpdateVariant {
            sku,
            title: self.title,
            prices: prices(self.price, self.prices),
            compare_at_prices,
            weight_grams: self.weight_grams,
            expected_version: version,
        }
    }
}
