use std::collections::BTreeMap;

use super::product::ShopProduct;
use super::words::{without_markup, words};

const IN_TITLE: i64 = 16;
const IN_TAGS: i64 = 8;
const IN_CATEGORY: i64 = 6;
const IN_VENDOR: i64 = 6;
const IN_OPTIONS: i64 = 4;
const IN_DESCRIPTION: i64 = 1;

/// The most different words of a product that it is found by; those of the description are left out first.
const MOST: usize = 2_000;

/// The words that a product is found by, each with the best weight that it has anywhere.
pub(crate) fn terms(product: &ShopProduct) -> BTreeMap<String, i64> {
    let mut terms = BTreeMap::new();
    let mut add = |text: &str, weight: i64| {
        for word in words(text) {
            if terms.len() < MOST {
                terms.entry(word).or_insert(weight);
            }
        }
    };
    add(&product.title, IN_TITLE);
    product.tags.iter().for_each(|tag| add(tag, IN_TAGS));
    add(product.category.as_deref().unwrap_or_default(), IN_CATEGORY);
    add(product.vendor.as_deref().unwrap_or_default(), IN_VENDOR);
    for variant in &product.variants {
        add(&variant.name().unwrap_or_default(), IN_OPTIONS);
    }
    add(&without_markup(&product.description), IN_DESCRIPTION);
    terms
}
