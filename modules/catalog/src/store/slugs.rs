use std::collections::BTreeMap;

use kernel::{Failure, ProductId};
use platform::{FromQueryResult, Sql, UnitOfWork, params, parsed};

use super::batch;
use crate::domain::slug;

#[derive(FromQueryResult)]
struct SlugRow {
    slug: String,
    product_id: String,
}

/// Whose slugs these are, or were.
pub(crate) async fn owners(
    sql: &impl Sql,
    slugs: &[&str],
) -> Result<BTreeMap<String, ProductId>, Failure> {
    let select = "SELECT slug, product_id FROM product_slug WHERE slug";
    let rows: Vec<SlugRow> = batch::among(sql, select, slugs, "").await?;
    rows.into_iter().map(|row| Ok((row.slug, parsed(&row.product_id)?))).collect()
}

/// Whether a product other than `but` has the slug now.
pub(crate) async fn is_taken(
    sql: &impl Sql,
    slug: &str,
    but: Option<ProductId>,
) -> Result<bool, Failure> {
    let count = "SELECT COUNT(*) FROM product WHERE slug = $1 AND id <> $2";
    let but = but.map(|product| product.to_string()).unwrap_or_default();
    Ok(sql.number(count, params![slug, but]).await? > 0)
}

/// A slug of a title that no product has or had.
pub(crate) async fn free_slug(sql: &impl Sql, title: &str) -> Result<String, Failure> {
    let slug = slug::of_title(title, "product");
    let mut numbers = 1..10;
    loop {
        let candidates: Vec<String> =
            numbers.clone().map(|number| slug::numbered(&slug, number)).collect();
        let asked: Vec<&str> = candidates.iter().map(String::as_str).collect();
        let taken = owners(sql, &asked).await?;
        if let Some(free) = candidates.into_iter().find(|slug| !taken.contains_key(slug)) {
            return Ok(free);
        }
        numbers = numbers.end..numbers.end * 10;
    }
}

/// Gives slugs to products; those that had one before and no longer use it lose it.
pub(crate) async fn give(
    uow: &UnitOfWork,
    slugs: impl Iterator<Item = (&str, ProductId)>,
) -> Result<(), Failure> {
    let insert = (
        "INSERT INTO product_slug (slug, product_id) VALUES",
        "ON CONFLICT (slug) DO UPDATE SET product_id = excluded.product_id",
    );
    let values = slugs.flat_map(|(slug, product)| params![slug, product]).collect();
    batch::insert(uow, insert, 2, values).await
}
