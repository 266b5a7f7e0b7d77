use catalog_contract::{ListProducts, ProductRefusal, ProductSummary};
use kernel::{CallError, Page};

use crate::CatalogModule;
use crate::domain::cursor::Place;
use crate::domain::words::words;
use crate::store::categories::with_descendants;
use crate::store::listing::{Wish, list};

/// The most words of a query that are looked for.
const MOST_WORDS: usize = 8;

/// Products that match, in the order asked for.
pub(crate) async fn products(
    module: &CatalogModule,
    request: ListProducts,
) -> Result<Page<ProductSummary>, CallError<ProductRefusal>> {
    let sort = request.sort;
    let after = match request.page.cursor {
        None => None,
        Some(cursor) => Some(Place::read(&cursor, sort).ok_or(ProductRefusal::UnknownCursor)?),
    };
    let categories = match request.category {
        None => None,
        Some(slug) => Some(with_descendants(&module.database, &slug).await?),
    };
    if categories.as_ref().is_some_and(Vec::is_empty) {
        return Err(ProductRefusal::UnknownCategory.into());
    }
    let limit = request.page.limit.clamp(1, 100);
    let wish = Wish {
        words: sought(request.query.as_deref().unwrap_or_default()),
        categories,
        min_price: request.min_price,
        max_price: request.max_price,
        currency: request.currency.unwrap_or(module.settings.shop_currency),
        sort,
        after,
        limit: limit + 1,
    };
    let listed = list(&module.database, &wish).await?;
    let page = Page::cut(listed, limit, |listed| listed.place.cursor(sort));
    Ok(page.map(|listed| listed.product))
}

/// The words of a query, each once, without those that only begin another of them.
fn sought(query: &str) -> Vec<String> {
    let mut sought: Vec<String> = Vec::new();
    for word in words(query) {
        if !sought.iter().any(|other| other.starts_with(&word)) {
            sought.retain(|other| !word.starts_with(other.as_str()));
            sought.push(word);
        }
    }
    sought.truncate(MOST_WORDS);
    sought
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_begins_another_adds_nothing() {
        assert_eq!(sought("Mug mu MUGS, blue b"), ["mugs", "blue"]);
        assert_eq!(sought(" !? "), Vec::<String>::new());
        assert_eq!(sought("a b c d e f g h i j").len(), MOST_WORDS);
    }
}
