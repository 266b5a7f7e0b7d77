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
    select.products(wish, share);
    select.filters(wish, share);
    select.order(wish, share);
    select.add(" LIMIT ").bind(limit);
    let rows: Vec<ListedRow> = sql.all(&select.text, select.values).await?;
    rows.into_iter().map(|row| row.into_listed(wish, share)).collect()
}

/// A statement as it is put together.
#[derive(Default)]
struct Select {
    text: String,
    values: Vec<Value>,
    score: String,
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

    fn products(&mut self, wish: &Wish, share: Share) {
        let scores: Vec<String> =
            (0..wish.words.len()).map(|number| format!("w{number}.score")).collect();
        self.score = if scores.is_empty() { "0".to_owned() } else { scores.join(" + ") };
        let score = self.score.clone();
        self.add("SELECT p.id, p.slug, p.title, p.category, p.image, l.amount, p.created_at, ");
        self.add(&format!("CAST({score} AS BIGINT) AS score FROM "));
        if share == Share::Priced {
            self.add("listing l JOIN product p ON p.id = l.product_id");
        } else {
            self.add("product p LEFT JOIN listing l ON l.product_id = p.id AND l.currency = ");
            self.bind(wish.currency);
        }
        for (number, word) in wish.words.iter().enumerate() {
            self.add(" JOIN (SELECT product_id, MAX(CASE WHEN term = ").bind(word.as_str());
            self.add(" THEN 2 * weight ELSE weight END) AS score FROM search_term WHERE term >= ");
            self.bind(word.as_str()).add(" AND term < ").bind(format!("{word}\u{10ffff}"));
            self.add(&format!(" GROUP BY product_id) w{number} ON w{number}.product_id = p.id"));
        }
    }

    fn filters(&mut self, wish: &Wish, share: Share) {
        match share {
            Share::All => self.add(" WHERE p.standing = 'on-sale'"),
            Share::Priced => self.add(" WHERE l.currency = ").bind(wish.currency),
            Share::Unpriced => self.add(" WHERE p.standing = 'on-sale' AND l.amount IS NULL"),
        };
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
        let score = format!("CAST({} AS BIGINT)", self.score);
        let mut keys: Vec<&str> = match share {
            Share::All => vec!["p.created_at", "p.id"],
            Share::Priced => vec!["l.amount", "l.product_id"],
            Share::Unpriced => vec!["p.id"],
        };
        if wish.is_ranked() {
            keys.insert(0, &score);
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
