use catalog_contract::{ProductSort, ProductSummary};
use kernel::{Currency, Failure, Money};
use platform::{FromQueryResult, Param, Sql, Value, parsed};

use crate::domain::cursor::Place;

/// Which products are listed, and where the list goes on.
pub(crate) struct Wish {
    /// Words that all must begin words of the product.
    pub(crate) words: Vec<String>,
    /// In one of these categories; none stands for anywhere.
    pub(crate) categories: Option<Vec<String>>,
    pub(crate) min_price: Option<i64>,
    pub(crate) max_price: Option<i64>,
    pub(crate) currency: Currency,
    pub(crate) sort: ProductSort,
    pub(crate) after: Option<Place>,
    pub(crate) limit: u32,
}

/// A product of a list, and its place there.
pub(crate) struct Listed {
    pub(crate) product: ProductSummary,
    pub(crate) place: Place,
}

/// Which products of a list in the order of prices.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Share {
    All,
    Priced,
    Unpriced,
}

#[derive(FromQueryResult)]
struct ListedRow {
    id: String,
    slug: String,
    title: String,
    category: Option<String>,
    image: Option<String>,
    amount: Option<i64>,
    created_at: i64,
    score: i64,
}

/// The next products of a list, in one statement; at the end of those with a price, in two.
pub(crate) async fn list(sql: &impl Sql, wish: &Wish) -> Result<Vec<Listed>, Failure> {
    if matches!(wish.sort, ProductSort::Relevance | ProductSort::Newest) {
        return read(sql, wish, Share::All, wish.limit).await;
    }
    let mut listed = match wish.after {
        Some(Place::Unpriced { .. }) => Vec::new(),
        _ => read(sql, wish, Share::Priced, wish.limit).await?,
    };
    let missing = wish.limit.saturating_sub(u32::try_from(listed.len()).unwrap_or(u32::MAX));
    if missing > 0 && !wish.wants_price() {
        listed.extend(read(sql, wish, Share::Unpriced, missing).await?);
    }
    Ok(listed)
}

async fn read(
    sql: &impl Sql,
    wish: &Wish,
    share: Share,
    limit: u32,
) -> Result<Vec<Listed>, Failure> {
    let mut select = Select::default();
    if share == Share::All && !wish.wants_price() {
        // Prices are looked up for the page alone, whatever a planner knows of the tables.
        let price = "(SELECT l.amount FROM listing l WHERE l.product_id = q.id AND l.currency = ";
        select.add("SELECT q.id, q.slug, q.title, q.category, q.image, ").add(price);
        select.bind(wish.currency).add(") AS amount, q.created_at, q.score FROM (");
        select.page(wish, share, limit);
        select.add(") q ORDER BY q.score DESC, q.created_at DESC, q.id DESC");
    } else {
        select.page(wish, share, limit);
    }
    let rows: Vec<ListedRow> = sql.all(&select.text, select.values).await?;
    rows.into_iter().map(|row| row.into_listed(wish, share)).collect()
}

/// A statement as it is put together. What is listed at a price is on sale.
#[derive(Default)]
struct Select {
    text: String,
    values: Vec<Value>,
}

impl Select {
    fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    fn bind(&mut self, value: impl Param) -> &mut Self {
        self.values.push(value.param());
        let placeholder = format!("${}", self.values.len());
        self.add(&placeholder)
    }

    fn page(&mut self, wish: &Wish, share: Share, limit: u32) {
        self.products(wish, share);
        self.filters(wish, share);
        self.order(wish, share);
        self.add(" LIMIT ").bind(limit);
    }

    fn products(&mut self, wish: &Wish, share: Share) {
        let is_priced = share == Share::Priced || wish.wants_price();
        let amount = if is_priced { "l.amount" } else { "CAST(NULL AS BIGINT)" };
        let score = if wish.words.is_empty() { "CAST(0 AS BIGINT)" } else { "w.score" };
        self.add(&format!(
            "SELECT p.id, p.slug, p.title, p.category, p.image, {amount} AS amount, "
        ));
        self.add(&format!("p.created_at, {score} AS score FROM "));
        self.add(if is_priced {
            "listing l JOIN product p ON p.id = l.product_id"
        } else {
            "product p"
        });
        if !wish.words.is_empty() {
            self.matches(&wish.words);
        }
    }

    /// Joins the products of which every word begins a term; each word counts with its best term.
    fn matches(&mut self, words: &[String]) {
        self.add(" JOIN (SELECT product_id, CAST(SUM(best) AS BIGINT) AS score FROM (");
        for (number, word) in words.iter().enumerate() {
            self.add(if number == 0 { "" } else { " UNION ALL " });
            self.add("SELECT product_id, MAX(CASE WHEN term = ").bind(word.as_str());
            self.add(" THEN 2 * weight ELSE weight END) AS best FROM search_term WHERE term >= ");
            self.bind(word.as_str()).add(" AND term < ").bind(format!("{word}\u{10ffff}"));
            self.add(" GROUP BY product_id");
        }
        self.add(") found GROUP BY product_id HAVING COUNT(*) = ").bind(words.len());
        self.add(") w ON w.product_id = p.id");
    }

    fn filters(&mut self, wish: &Wish, share: Share) {
        if share == Share::Priced || wish.wants_price() {
            self.add(" WHERE l.currency = ").bind(wish.currency);
        } else {
            self.add(" WHERE p.standing = 'on-sale'");
        }
        if share == Share::Unpriced {
            let price =
                "SELECT l.amount FROM listing l WHERE l.product_id = p.id AND l.currency = ";
            self.add(" AND (").add(price).bind(wish.currency).add(") IS NULL");
        }
        if let Some(categories) = &wish.categories {
            let owner = if share == Share::Priced { "l" } else { "p" };
            self.add(&format!(" AND {owner}.category IN ("));
            for (number, slug) in categories.iter().enumerate() {
                self.add(if number == 0 { "" } else { ", " }).bind(slug.as_str());
            }
            self.add(")");
        }
        if let Some(least) = wish.min_price {
            self.add(" AND l.amount >= ").bind(least);
        }
        if let Some(most) = wish.max_price {
            self.add(" AND l.amount <= ").bind(most);
        }
    }

    fn order(&mut self, wish: &Wish, share: Share) {
        let descending = wish.sort != ProductSort::PriceAscending;
        let (beyond, direction) = if descending { ("<", " DESC") } else { (">", "") };
        let mut keys: Vec<&str> = match share {
            Share::All => vec!["p.created_at", "p.id"],
            Share::Priced => vec!["l.amount", "l.product_id"],
            Share::Unpriced => vec!["p.id"],
        };
        if wish.is_ranked() {
            keys.insert(0, "w.score");
        }
        if let Some(values) = wish.after.and_then(|place| place.values(wish, share)) {
            self.add(&format!(" AND ({}) {beyond} (", keys.join(", ")));
            for (number, value) in values.into_iter().enumerate() {
                self.add(if number == 0 { "" } else { ", " });
                self.values.push(value);
                let placeholder = format!("${}", self.values.len());
                self.add(&placeholder);
            }
            self.add(")");
        }
        let keys: Vec<String> = keys.iter().map(|key| format!("{key}{direction}")).collect();
        self.add(&format!(" ORDER BY {}", keys.join(", ")));
    }
}

impl Wish {
    fn is_ranked(&self) -> bool {
        self.sort == ProductSort::Relevance && !self.words.is_empty()
    }

    fn wants_price(&self) -> bool {
        self.min_price.is_some() || self.max_price.is_some()
    }
}

impl Place {
    /// What the keys of a list's order are at this place; none where the share lies wholly behind it.
    fn values(self, wish: &Wish, share: Share) -> Option<Vec<Value>> {
        Some(match (share, self) {
            (Share::All, Self::Ranked { score, created_at, id }) => {
                let mut values = platform::params![score, created_at, id];
                if !wish.is_ranked() {
                    values.remove(0);
                }
                values
            }
            (Share::Priced, Self::Priced { amount, id }) => platform::params![amount, id],
            (Share::Unpriced, Self::Unpriced { id }) => platform::params![id],
            _ => return None,
        })
    }
}

impl ListedRow {
    fn into_listed(self, wish: &Wish, share: Share) -> Result<Listed, Failure> {
        let id = parsed(&self.id)?;
        let place = match (share, self.amount) {
            (Share::All, _) => Place::Ranked { score: self.score, created_at: self.created_at, id },
            (_, Some(amount)) => Place::Priced { amount, id },
            (_, None) => Place::Unpriced { id },
        };
        let price = self.amount.map(|amount| Money::new(amount, wish.currency));
        let product = ProductSummary {
            id,
            slug: self.slug,
            title: self.title,
            category: self.category,
            image: self.image,
            price_from: price,
        };
        Ok(Listed { product, place })
    }
}
