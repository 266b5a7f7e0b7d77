use kernel::Failure;
use platform::{UnitOfWork, Value, params};
use serde::Serialize;

use crate::domain::product::{ShopProduct, Standing};
use crate::store::{batch, projection, slugs};

/// Writes products with all their variants and prices, what lists and searches know of them, and that they changed.
pub(crate) async fn save(uow: &UnitOfWork, products: &[&ShopProduct]) -> Result<(), Failure> {
    write_products(uow, products).await?;
    slugs::give(uow, products.iter().map(|product| (product.slug.as_str(), product.id))).await?;
    write_variants(uow, products).await?;
    write_prices(uow, products).await?;
    projection::refresh(uow, products).await?;
    for product in products {
        uow.publish(&product.changed()).await?;
    }
    Ok(())
}

async fn write_products(uow: &UnitOfWork, products: &[&ShopProduct]) -> Result<(), Failure> {
    let insert = (
        "INSERT INTO product (id, slug, title, category, image, standing, version, created_at, updated_at, vendor, \
         tags, images, description) VALUES",
        "ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, title = excluded.title, category = excluded.category, \
         image = excluded.image, standing = excluded.standing, version = excluded.version, \
         updated_at = excluded.updated_at, vendor = excluded.vendor, tags = excluded.tags, images = excluded.images, \
         description = excluded.description",
    );
    let mut values = Vec::with_capacity(products.len() * 13);
    for product in products {
        values.extend(params![
            product.id,
            product.slug,
            product.title,
            product.category,
            product.images.first().map(|image| image.url.clone()),
            standing_text(product.standing),
            product.version,
            product.created_at,
            product.updated_at,
            product.vendor,
            json(&product.tags)?,
            json(&product.images)?,
            product.description,
        ]);
    }
    batch::insert(uow, insert, 13, values).await
}

async fn write_variants(uow: &UnitOfWork, products: &[&ShopProduct]) -> Result<(), Failure> {
    let insert = (
        "INSERT INTO variant (sku, id, product_id, position, title, options, weight_grams, imported) VALUES",
        "ON CONFLICT (sku) DO UPDATE SET title = excluded.title, options = excluded.options, \
         weight_grams = excluded.weight_grams",
    );
    let mut values = Vec::new();
    for product in products {
        for variant in &product.variants {
            values.extend(params![
                variant.sku,
                variant.id,
                product.id,
                variant.position,
                variant.title,
                json(&variant.options)?,
                variant.weight_grams,
                variant.imported,
            ]);
        }
    }
    batch::insert(uow, insert, 8, values).await
}

async fn write_prices(uow: &UnitOfWork, products: &[&ShopProduct]) -> Result<(), Failure> {
    let insert = (
        "INSERT INTO price (sku, currency, amount, compare_at) VALUES",
        "ON CONFLICT (sku, currency) DO UPDATE SET amount = excluded.amount, compare_at = excluded.compare_at",
    );
    let mut values: Vec<Value> = Vec::new();
    for variant in products.iter().flat_map(|product| &product.variants) {
        for (currency, price) in &variant.prices {
            values.extend(params![variant.sku, *currency, price.amount, price.compare_at]);
        }
    }
    batch::insert(uow, insert, 4, values).await
}

fn standing_text(standing: Standing) -> &'static str {
    match standing {
        Standing::OnSale => "on-sale",
        Standing::Unlisted => "unlisted",
        Standing::Archived => "archived",
    }
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::internal)
}
