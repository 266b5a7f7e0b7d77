use std::collections::BTreeMap;

use catalog_contract::{Image, Product, ProductChanged, Variant, VariantOption};
use kernel::{Currency, Money, ProductId, SkuId, Timestamp, VariantId};

/// A product with all its variants and prices, as the shop keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShopProduct {
    pub(crate) id: ProductId,
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) category: Option<String>,
    pub(crate) vendor: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) images: Vec<Image>,
    pub(crate) standing: Standing,
    pub(crate) variants: Vec<ShopVariant>,
    pub(crate) version: u64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// Whether a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is.
    OnSale,
    /// An import said that it is not published; a later one may say that it is.
    Unlisted,
    /// Staff took it off sale; no import puts it back.
    Archived,
}

/// A variant with its prices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShopVariant {
    pub(crate) id: VariantId,
    pub(crate) sku: SkuId,
    pub(crate) position: u32,
    /// Its own name; else the options name it.
    pub(crate) title: Option<String>,
    pub(crate) options: Vec<VariantOption>,
    pub(crate) weight_grams: u32,
    pub(crate) prices: BTreeMap<Currency, Price>,
    /// Whether an import made it, which is who gives it its first stock.
    pub(crate) imported: bool,
}

/// A price, in the minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Price {
    pub(crate) amount: i64,
    pub(crate) compare_at: Option<i64>,
}

impl ShopProduct {
    /// What is told of it to whoever subscribed.
    pub(crate) fn changed(&self) -> ProductChanged {
        ProductChanged {
            product_id: self.id,
            slug: self.slug.clone(),
            title: self.title.clone(),
            archived: self.standing != Standing::OnSale,
        }
    }

    /// As the contract shows it, with prices in a currency.
    pub(crate) fn shown(self, currency: Currency) -> Product {
        let title = self.title.clone();
        let variants =
            self.variants.into_iter().map(|variant| variant.shown(&title, currency)).collect();
        Product {
            id: self.id,
            slug: self.slug,
            title: self.title,
            description: self.description,
            category: self.category,
            vendor: self.vendor,
            tags: self.tags,
            images: self.images,
            variants,
            archived: self.standing != Standing::OnSale,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }

    /// The cheapest price of each currency.
    pub(crate) fn cheapest(&self) -> BTreeMap<Currency, i64> {
        let mut cheapest: BTreeMap<Currency, i64> = BTreeMap::new();
        for (currency, price) in self.variants.iter().flat_map(|variant| &variant.prices) {
            let amount = cheapest.entry(*currency).or_insert(price.amount);
            *amount = price.amount.min(*amount);
        }
        cheapest
    }

    /// The position of a variant that is added.
    pub(crate) fn next_position(&self) -> u32 {
        self.variants.iter().map(|variant| variant.position).max().map_or(0, |last| last + 1)
    }
}

impl ShopVariant {
    fn shown(self, product: &str, currency: Currency) -> Variant {
        let price = self.prices.get(&currency);
        let money = |amount| Money::new(amount, currency);
        Variant {
            id: self.id,
            title: own_name(self.title.as_deref(), &self.options)
                .unwrap_or_else(|| product.to_owned()),
            sku: self.sku,
            price: price.map(|price| money(price.amount)),
            compare_at_price: price.and_then(|price| price.compare_at).map(money),
            options: self.options,
            weight_grams: self.weight_grams,
        }
    }

    /// What tells it from its siblings, for people.
    pub(crate) fn name(&self) -> Option<String> {
        own_name(self.title.as_deref(), &self.options)
    }

    /// The values of its options, in order.
    pub(crate) fn values(&self) -> Vec<&str> {
        self.options.iter().map(|option| option.value.as_str()).collect()
    }
}

/// A variant's own name, else the values of its options; none for the only variant of a product.
pub(crate) fn own_name(title: Option<&str>, options: &[VariantOption]) -> Option<String> {
    match title {
        Some(title) => Some(title.to_owned()),
        None if options.is_empty() => None,
        None => {
            let values: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
            Some(values.join(" / "))
        }
    }
}

/// The name of a variant on an invoice.
pub(crate) fn full_name(product: &str, variant: Option<&str>) -> String {
    variant.map_or_else(|| product.to_owned(), |variant| format!("{product} – {variant}"))
}
