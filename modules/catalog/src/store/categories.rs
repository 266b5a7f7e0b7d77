use catalog_contract::Category;
use kernel::{Failure, ProductId};
use platform::{FromQueryResult, Sql, UnitOfWork, params, parsed};

use super::batch;

#[derive(FromQueryResult)]
struct CategoryRow {
    slug: String,
    title: String,
    parent: Option<String>,
}

#[derive(FromQueryResult)]
struct CountedRow {
    slug: String,
    title: String,
    parent: Option<String>,
    products: i64,
}

#[derive(FromQueryResult)]
struct KeyRow {
    key: String,
}

/// Every category.
pub(crate) async fn all(sql: &impl Sql) -> Result<Vec<Category>, Failure> {
    let rows: Vec<CategoryRow> =
        sql.all("SELECT slug, title, parent FROM category", params![]).await?;
    Ok(rows.into_iter().map(CategoryRow::into_category).collect())
}

/// Every category, and how many products on sale stand in it itself.
pub(crate) async fn counted(sql: &impl Sql) -> Result<Vec<(Category, u64)>, Failure> {
    let select = "SELECT c.slug, c.title, c.parent, COALESCE(n.products, 0) AS products FROM category c LEFT JOIN \
                  (SELECT category, COUNT(*) AS products FROM product WHERE standing = 'on-sale' \
                  AND category IS NOT NULL GROUP BY category) n ON n.category = c.slug";
    let rows: Vec<CountedRow> = sql.all(select, params![]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let category = CategoryRow { slug: row.slug, title: row.title, parent: row.parent };
            (category.into_category(), u64::try_from(row.products).unwrap_or_default())
        })
        .collect())
}

/// A category and all below it, by slug; none if there is no such category.
pub(crate) async fn with_descendants(sql: &impl Sql, slug: &str) -> Result<Vec<String>, Failure> {
    let select = "WITH RECURSIVE below (slug) AS (SELECT slug FROM category WHERE slug = $1 \
                  UNION SELECT c.slug FROM category c JOIN below b ON c.parent = b.slug) \
                  SELECT slug AS key FROM below";
    let rows: Vec<KeyRow> = sql.all(select, params![slug]).await?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

/// Which of these categories there are.
pub(crate) async fn known(sql: &impl Sql, slugs: &[&str]) -> Result<Vec<String>, Failure> {
    let rows: Vec<KeyRow> =
        batch::among(sql, "SELECT slug AS key FROM category WHERE slug", slugs, "").await?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

/// Writes new categories.
pub(crate) async fn insert(uow: &UnitOfWork, categories: &[Category]) -> Result<(), Failure> {
    let insert = ("INSERT INTO category (slug, title, parent, created_at) VALUES", "");
    let row =
        |category: &Category| params![category.slug, category.title, category.parent, uow.now()];
    batch::insert(uow, insert, 4, categories.iter().flat_map(row).collect()).await
}

/// Writes the title and the place of a category.
pub(crate) async fn update(uow: &UnitOfWork, category: &Category) -> Result<(), Failure> {
    let update = "UPDATE category SET title = $2, parent = $3 WHERE slug = $1";
    uow.run(update, params![category.slug, category.title, category.parent]).await.map(|_| ())
}

/// Removes a category that nothing stands in.
pub(crate) async fn delete(uow: &UnitOfWork, slug: &str) -> Result<(), Failure> {
    uow.run("DELETE FROM category WHERE slug = $1", params![slug]).await.map(|_| ())
}

/// Some of the products that stand in a category, on sale or not.
pub(crate) async fn some_products(
    sql: &impl Sql,
    slug: &str,
    limit: u32,
) -> Result<Vec<ProductId>, Failure> {
    let select = "SELECT id AS key FROM product WHERE category = $1 LIMIT $2";
    let rows: Vec<KeyRow> = sql.all(select, params![slug, limit]).await?;
    rows.iter().map(|row| parsed(&row.key)).collect()
}

impl CategoryRow {
    fn into_category(self) -> Category {
        Category { slug: self.slug, title: self.title, parent: self.parent }
    }
}
