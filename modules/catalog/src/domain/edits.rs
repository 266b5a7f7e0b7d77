use std::collections::{BTreeMap, BTreeSet};

use catalog_contract::{
    CreateProduct, EditRefusal, Image, NewVariant, UpdateProduct, UpdateVariant,
};
use kernel::{Currency, Invalid, Label, Money, ProductId, Timestamp, VariantId};

use super::limits;
use super::product::{Price, ShopProduct, ShopVariant, Standing};

/// A product as it is made; its slug is a free one.
pub(crate) fn created(
    request: CreateProduct,
    slug: String,
    now: Timestamp,
) -> Result<ShopProduct, EditRefusal> {
    check_said(Some(&request.description), Some(&request.images))?;
    if request.variants.is_empty() {
        return Err(invalid("variants", "must have at least one item"));
    }
    limits::at_most(&request.variants, limits::MOST_VARIANTS).map_err(at("variants"))?;
    let mut product = ShopProduct {
        id: ProductId::generate(),
        slug,
        title: request.title.into(),
        description: request.description,
        category: request.category,
        vendor: request.vendor.map(String::from),
        tags: distinct(request.tags)?,
        images: request.images,
        standing: Standing::OnSale,
        variants: Vec::new(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    for (number, variant) in request.variants.into_iter().enumerate() {
        add_variant(&mut product, variant, &format!("variants[{number}]."))?;
    }
    Ok(product)
}

/// Changes what is said of a product; slug and category were checked.
pub(crate) fn update(product: &mut ShopProduct, request: UpdateProduct) -> Result<(), EditRefusal> {
    check_said(request.description.as_deref(), request.images.as_deref())?;
    if let Some(tags) = request.tags {
        product.tags = distinct(tags)?;
    }
    if let Some(title) = request.title {
        product.title = title.into();
    }
    if let Some(slug) = request.slug {
        product.slug = slug;
    }
    if let Some(description) = request.description {
        product.description = description;
    }
    if let Some(category) = request.category {
        product.category = category;
    }
    if let Some(vendor) = request.vendor {
        product.vendor = vendor.map(String::from);
    }
    if let Some(images) = request.images {
        product.images = images;
    }
    Ok(())
}

/// Adds a variant behind the others; `path` is where it stands in the request.
pub(crate) fn add_variant(
    product: &mut ShopProduct,
    variant: NewVariant,
    path: &str,
) -> Result<(), EditRefusal> {
    let field = |name: &str| format!("{path}{name}");
    if product.variants.len() >= limits::MOST_VARIANTS {
        let message = format!("a product has at most {} variants", limits::MOST_VARIANTS);
        return Err(invalid(field("sku"), message));
    }
    limits::options(&variant.options).map_err(at(field("options")))?;
    limits::weight(variant.weight_grams).map_err(at(field("weight_grams")))?;
    if variant.prices.is_empty() {
        return Err(invalid(field("prices"), "must have at least one item"));
    }
    let mut prices = BTreeMap::new();
    set_prices(&mut prices, &variant.prices, &field("prices"))?;
    set_compared(&mut prices, &variant.compare_at_prices, &field("compare_at_prices"))?;
    if product.variants.iter().any(|other| other.sku == variant.sku) {
        return Err(invalid(field("sku"), "is given twice"));
    }
    let variant = ShopVariant {
        id: VariantId::generate(),
        sku: variant.sku,
        position: product.next_position(),
        title: variant.title.map(String::from),
        options: variant.options,
        weight_grams: variant.weight_grams,
        prices,
        imported: false,
    };
    if is_named_already(product, &variant) {
        return Err(invalid(field("options"), "another variant has the same name"));
    }
    product.variants.push(variant);
    Ok(())
}

/// Changes a variant of a product.
pub(crate) fn update_variant(
    product: &mut ShopProduct,
    request: UpdateVariant,
) -> Result<(), EditRefusal> {
    let found = product.variants.iter().position(|variant| variant.sku == request.sku);
    let number = found.ok_or(EditRefusal::NotFound)?;
    let mut variant = product.variants[number].clone();
    if let Some(title) = request.title {
        variant.title = Some(title.into());
    }
    if let Some(grams) = request.weight_grams {
        limits::weight(grams).map_err(at("weight_grams"))?;
        variant.weight_grams = grams;
    }
    set_prices(&mut variant.prices, &request.prices, "prices")?;
    if let Some(compared) = request.compare_at_prices {
        if compared.is_empty() {
            variant.prices.values_mut().for_each(|price| price.compare_at = None);
        }
        set_compared(&mut variant.prices, &compared, "compare_at_prices")?;
    }
    if is_named_already(product, &variant) {
        return Err(invalid("title", "another variant has the same name"));
    }
    product.variants[number] = variant;
    Ok(())
}

fn is_named_already(product: &ShopProduct, variant: &ShopVariant) -> bool {
    let name = variant.name();
    product.variants.iter().any(|other| other.sku != variant.sku && other.name() == name)
}

fn set_prices(
    prices: &mut BTreeMap<Currency, Price>,
    given: &[Money],
    field: &str,
) -> Result<(), EditRefusal> {
    check_amounts(given, field)?;
    for price in given {
        let amount = price.amount();
        prices
            .entry(price.currency())
            .and_modify(|earlier| earlier.amount = amount)
            .or_insert(Price { amount, compare_at: None });
    }
    limits::at_most(&vec![(); prices.len()], limits::MOST_PRICES).map_err(at(field))
}

fn set_compared(
    prices: &mut BTreeMap<Currency, Price>,
    given: &[Money],
    field: &str,
) -> Result<(), EditRefusal> {
    check_amounts(given, field)?;
    for (number, compared) in given.iter().enumerate() {
        let currency = compared.currency();
        let price = prices.get_mut(&currency).ok_or_else(|| {
            invalid(format!("{field}[{number}]"), format!("there is no price in {currency}"))
        })?;
        price.compare_at = Some(compared.amount());
    }
    Ok(())
}

fn check_amounts(given: &[Money], field: &str) -> Result<(), EditRefusal> {
    let mut currencies = BTreeSet::new();
    for (number, price) in given.iter().enumerate() {
        limits::price(*price).map_err(at(format!("{field}[{number}].amount")))?;
        if !currencies.insert(price.currency()) {
            let message = format!("{} is given twice", price.currency());
            return Err(invalid(format!("{field}[{number}].currency"), message));
        }
    }
    Ok(())
}

fn check_said(description: Option<&str>, images: Option<&[Image]>) -> Result<(), EditRefusal> {
    if let Some(description) = description {
        limits::description(description).map_err(at("description"))?;
    }
    let images = images.unwrap_or_default();
    limits::at_most(images, limits::MOST_IMAGES).map_err(at("images"))?;
    for (number, image) in images.iter().enumerate() {
        limits::image(image).map_err(at(format!("images[{number}]")))?;
    }
    Ok(())
}

/// The tags, each once.
fn distinct(tags: Vec<Label<100>>) -> Result<Vec<String>, EditRefusal> {
    let mut distinct: Vec<String> = Vec::new();
    for tag in tags.into_iter().map(String::from) {
        if !distinct.contains(&tag) {
            distinct.push(tag);
        }
        limits::at_most(&distinct, limits::MOST_TAGS).map_err(at("tags"))?;
    }
    Ok(distinct)
}

fn at(field: impl Into<String>) -> impl FnOnce(Invalid) -> EditRefusal {
    let field = field.into();
    move |problem| EditRefusal::Invalid { field, message: problem.0 }
}

/// A field that makes no sense, and why.
pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> EditRefusal {
    EditRefusal::Invalid { field: field.into(), message: message.into() }
}
