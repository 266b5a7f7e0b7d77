use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalog_contract::ProductSort;
use kernel::ProductId;

/// The place of an item in a list, which is where the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a list by score and age.
    Ranked { score: i64, created_at: i64, id: ProductId },
    /// In a list by price.
    Priced { amount: i64, id: ProductId },
    /// Behind all that have a price.
    Unpriced { id: ProductId },
}

impl Place {
    /// The text that a client is given; it means something in lists of the same order only.
    pub(crate) fn cursor(&self, sort: ProductSort) -> String {
        let order = letter(sort);
        URL_SAFE_NO_PAD.encode(match self {
            Self::Ranked { score, created_at, id } => format!("{order}:{score}:{created_at}:{id}"),
            Self::Priced { amount, id } => format!("{order}:{amount}:{id}"),
            Self::Unpriced { id } => format!("{order}::{id}"),
        })
    }

    /// Reads what a client was given for a list of this order.
    pub(crate) fn read(cursor: &str, sort: ProductSort) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let rest = text.strip_prefix(letter(sort))?.strip_prefix(':')?;
        let parts: Vec<&str> = rest.split(':').collect();
        match (sort, parts.as_slice()) {
            (ProductSort::Relevance | ProductSort::Newest, [score, created_at, id]) => {
                let (score, created_at) = (score.parse().ok()?, created_at.parse().ok()?);
                Some(Self::Ranked { score, created_at, id: id.parse().ok()? })
            }
            (ProductSort::PriceAscending | ProductSort::PriceDescending, ["", id]) => {
                Some(Self::Unpriced { id: id.parse().ok()? })
            }
            (ProductSort::PriceAscending | ProductSort::PriceDescending, [amount, id]) => {
                Some(Self::Priced { amount: amount.parse().ok()?, id: id.parse().ok()? })
            }
            _ => None,
        }
    }
}

fn letter(sort: ProductSort) -> &'static str {
    match sort {
        ProductSort::Relevance => "r",
        ProductSort::Newest => "n",
        ProductSort::PriceAscending => "a",
        ProductSort::PriceDescending => "d",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_in_lists_of_its_order_alone() {
        let id = ProductId::generate();
        let orders = [
            (ProductSort::Relevance, Place::Ranked { score: 7, created_at: -1, id }),
            (ProductSort::Newest, Place::Ranked { score: 0, created_at: 5, id }),
            (ProductSort::PriceAscending, Place::Priced { amount: 1999, id }),
            (ProductSort::PriceDescending, Place::Unpriced { id }),
        ];

        for (sort, place) in orders {
            for (other, _) in orders {
                let read = Place::read(&place.cursor(sort), other);
                assert_eq!(read, (sort == other).then_some(place));
            }
        }
    }

    #[test]
    fn what_is_not_a_cursor_is_refused() {
        for text in ["", "!", "bjox", "99999999999999999999", "ünï"] {
            assert_eq!(Place::read(text, ProductSort::Newest), None, "{text}");
        }
    }
}
