use catalog_contract::{Product, Variant, VariantOption};
use kernel::{Currency, Failure, Money, ProductId, Timestamp};
use platform::{FromQueryResult, Sql, params, parsed};

use super::products::from_json;
use crate::domain::product::own_name;

#[derive(FromQueryResult)]
struct PageRow {
    id: String,
    slug: String,
    title: String,
    category: Option<String>,
    on_sale: bool,
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
    id: String,
    sku: String,
    title: Option<String>,
    options: String,
    weight_grams: i64,
    amount: Option<i64>,
    compare_at: Option<i64>,
}

/// A product by its id, its slug, or a slug that it had, with prices in a currency: two statements.
pub(crate) async fn page(
    sql: &impl Sql,
    id_or_slug: &str,
    currency: Currency,
) -> Result<Option<Product>, Failure> {
    let select = "SELECT p.id, p.slug, p.title, p.category, p.standing = 'on-sale' AS on_sale, p.version, \
                  p.created_at, p.updated_at, p.vendor, p.tags, p.images, p.description FROM product p";
    let (from, key) = match id_or_slug.parse::<ProductId>() {
        Ok(id) => ("WHERE p.id = $1", id.to_string()),
        Err(_) => {
            ("JOIN product_slug s ON s.product_id = p.id WHERE s.slug = $1", id_or_slug.to_owned())
        }
    };
    let row: Option<PageRow> = sql.first(&format!("{select} {from}"), params![key]).await?;
    let Some(row) = row else { return Ok(None) };
    // Looked up a variant at a time, whatever a planner knows of the tables.
    let price = "FROM price r WHERE r.sku = v.sku AND r.currency = $2";
    let select = format!(
        "SELECT v.id, v.sku, v.title, v.options, v.weight_grams, (SELECT r.amount {price}) AS amount, \
         (SELECT r.compare_at {price}) AS compare_at FROM variant v WHERE v.product_id = $1 ORDER BY v.position"
    );
    let variants: Vec<VariantRow> = sql.all(&select, params![row.id, currency]).await?;
    let variants = variants
        .into_iter()
        .map(|variant| variant.into_variant(&row.title, currency))
        .collect::<Result<_, _>>()?;
    row.into_product(variants).map(Some)
}

impl PageRow {
    fn into_product(self, variants: Vec<Variant>) -> Result<Product, Failure> {
        Ok(Product {
            id: parsed(&self.id)?,
            slug: self.slug,
            title: self.title,
            description: self.description,
            category: self.category,
            vendor: self.vendor,
            tags: from_json(&self.tags)?,
            images: from_json(&self.images)?,
            variants,
            archived: !self.on_sale,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
            version: u64::try_from(self.version).map_err(Failure::internal)?,
        })
    }
}

impl VariantRow {
    fn into_variant(self, product: &str, currency: Currency) -> Result<Variant, Failure> {
        let options: Vec<VariantOption> = from_json(&self.options)?;
        let money = |amount| Money::new(amount, currency);
        Ok(Variant {
            id: parsed(&self.id)?,
            sku: parsed(&self.sku)?,
            title: own_name(self.title.as_deref(), &options).unwrap_or_else(|| product.to_owned()),
            options,
            price: self.amount.map(money),
            compare_at_price: self.compare_at.map(money),
            weight_grams: u32::try_from(self.weight_grams).map_err(Failure::internal)?,
        })
    }
}
