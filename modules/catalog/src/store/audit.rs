use kernel::Failure;
use platform::{FromQueryResult, Sql, params};

/// What does not add up in the catalogue: a statement that finds it, and what is said of each row.
const CHECKS: &[(&str, &str)] = &[
    (
        "SELECT l.product_id AS found FROM listing l LEFT JOIN (SELECT v.product_id, r.currency, MIN(r.amount) AS amount \
         FROM variant v JOIN price r ON r.sku = v.sku GROUP BY v.product_id, r.currency) c \
         ON c.product_id = l.product_id AND c.currency = l.currency JOIN product p ON p.id = l.product_id \
         WHERE c.amount IS NULL OR c.amount <> l.amount OR p.standing <> 'on-sale' \
         OR COALESCE(p.category, '') <> COALESCE(l.category, '')",
        "is listed at another price or place than its own",
    ),
    (
        "SELECT DISTINCT p.id AS found FROM product p JOIN variant v ON v.product_id = p.id JOIN price r ON r.sku = v.sku \
         LEFT JOIN listing l ON l.product_id = p.id AND l.currency = r.currency \
         WHERE p.standing = 'on-sale' AND l.product_id IS NULL",
        "is on sale and not listed",
    ),
    (
        "SELECT p.id AS found FROM product p LEFT JOIN product_slug s ON s.slug = p.slug \
         WHERE s.product_id IS NULL OR s.product_id <> p.id",
        "is not where its slug leads",
    ),
    (
        "SELECT p.id AS found FROM product p WHERE NOT EXISTS (SELECT 1 FROM variant v WHERE v.product_id = p.id)",
        "has no variant",
    ),
    (
        "WITH RECURSIVE below (slug) AS (SELECT slug FROM category WHERE parent IS NULL \
         UNION SELECT c.slug FROM category c JOIN below b ON c.parent = b.slug) \
         SELECT slug AS found FROM category WHERE slug NOT IN (SELECT slug FROM below)",
        "is a category that stands under itself",
    ),
];

#[derive(FromQueryResult)]
struct FoundRow {
    found: String,
}

/// A line for each product or category that does not add up.
pub(crate) async fn audit(sql: &impl Sql) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for (select, problem) in CHECKS {
        let rows: Vec<FoundRow> = sql.all(select, params![]).await?;
        lines.extend(rows.into_iter().map(|row| format!("{} {problem}", row.found)));
    }
    Ok(lines)
}
