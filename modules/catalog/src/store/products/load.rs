use std::collections::BTreeMap;

use kernel::{Currency, Failure, ProductId, SkuId, Timestamp};
use platform::{FromQueryResult, Sql, parsed};
use serde::de::DeserializeOwned;

use crate::domain::product::{Price, ShopProduct, ShopVariant, Standing};
use crate::store::batch;

#[derive(FromQueryResult)]
struct ProductRow {
    id: String,
    slug: String,
    title: String,
    category: Option<String>,
    standing: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
    vendor: Option<String>,
    tags: String,
    images: String,
    description: String,
}

#[derive(FromQueryResult)]
struct VariantRow {
    sku: String,
    id: String,
    product_id: String,
    position: i64,
    title: Option<String>,
    options: String,
    weight_grams: i64,
    imported: bool,
}

#[derive(FromQueryResult)]
struct PriceRow {
    sku: String,
    currency: String,
    amount: i64,
    compare_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct OwnerRow {
    sku: String,
    product_id: String,
}

/// Products with all their variants and prices, by id, in three statements.
pub(crate) async fn load(
    sql: &impl Sql,
    ids: &[ProductId],
) -> Result<BTreeMap<ProductId, ShopProduct>, Failure> {
    let select = "SELECT id, slug, title, category, standing, version, created_at, updated_at, vendor, tags, images, \
                  description FROM product WHERE id";
    let rows: Vec<ProductRow> = batch::among(sql, select, ids, "").await?;
    let mut variants = load_variants(sql, ids).await?;
    rows.into_iter()
        .map(|row| {
            let variants = variants.remove(&row.id).unwrap_or_default();
            let product = row.into_product(variants)?;
            Ok((product.id, product))
        })
        .collect()
}

/// A product with all its variants and prices.
pub(crate) async fn find(sql: &impl Sql, id: ProductId) -> Result<Option<ShopProduct>, Failure> {
    Ok(load(sql, &[id]).await?.remove(&id))
}

/// Which products have or had SKUs.
pub(crate) async fn owners(
    sql: &impl Sql,
    skus: &[SkuId],
) -> Result<BTreeMap<String, ProductId>, Failure> {
    let select = "SELECT sku, product_id FROM variant WHERE sku";
    let rows: Vec<OwnerRow> = batch::among(sql, select, skus, "").await?;
    rows.into_iter().map(|row| Ok((row.sku, parsed(&row.product_id)?))).collect()
}

async fn load_variants(
    sql: &impl Sql,
    products: &[ProductId],
) -> Result<BTreeMap<String, Vec<ShopVariant>>, Failure> {
    let select = "SELECT sku, currency, amount, compare_at FROM price \
                  WHERE sku IN (SELECT sku FROM variant WHERE product_id";
    let rows: Vec<PriceRow> = batch::among(sql, select, products, ")").await?;
    let mut prices: BTreeMap<String, BTreeMap<Currency, Price>> = BTreeMap::new();
    for row in rows {
        let price = Price { amount: row.amount, compare_at: row.compare_at };
        prices.entry(row.sku).or_default().insert(parsed(&row.currency)?, price);
    }
    let select = "SELECT sku, id, product_id, position, title, options, weight_grams, imported FROM variant \
                  WHERE product_id";
    let order = " ORDER BY product_id, position";
    let rows: Vec<VariantRow> = batch::among(sql, select, products, order).await?;
    let mut variants: BTreeMap<String, Vec<ShopVariant>> = BTreeMap::new();
    for row in rows {
        let prices = prices.remove(&row.sku).unwrap_or_default();
        let (product, variant) = row.into_variant(prices)?;
        variants.entry(product).or_default().push(variant);
    }
    Ok(variants)
}

impl ProductRow {
    fn into_product(self, variants: Vec<ShopVariant>) -> Result<ShopProduct, Failure> {
        Ok(ShopProduct {
            id: parsed(&self.id)?,
            slug: self.slug,
            title: self.title,
            description: self.description,
            category: self.category,
            vendor: self.vendor,
            tags: from_json(&self.tags)?,
            images: from_json(&self.images)?,
            standing: standing(&self.standing)?,
            variants,
            version: u64::try_from(self.version).map_err(Failure::internal)?,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
        })
    }
}

impl VariantRow {
    fn into_variant(
        self,
        prices: BTreeMap<Currency, Price>,
    ) -> Result<(String, ShopVariant), Failure> {
        let number = |number: i64| u32::try_from(number).map_err(Failure::internal);
        let variant = ShopVariant {
            id: parsed(&self.id)?,
            sku: parsed(&self.sku)?,
            position: number(self.position)?,
            title: self.title,
            options: from_json(&self.options)?,
            weight_grams: number(self.weight_grams)?,
            prices,
            imported: self.imported,
        };
        Ok((self.product_id, variant))
    }
}

fn standing(text: &str) -> Result<Standing, Failure> {
    match text {
        "on-sale" => Ok(Standing::OnSale),
        "unlisted" => Ok(Standing::Unlisted),
        "archived" => Ok(Standing::Archived),
        _ => Err(Failure::internal(format!("{text:?} is not a standing"))),
    }
}

/// Reads what was stored as JSON; what does not parse is a broken store.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(Failure::internal)
}
