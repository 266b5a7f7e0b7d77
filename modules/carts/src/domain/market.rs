use std::collections::BTreeMap;

use carts_contract::{Cart, CartLine, CartRefusal, WantedLine};
use catalog_contract::Offer;
use inventory_contract::StockLevel;
use kernel::{Currency, Money, MoneyError, SkuId};

use super::cart::KeptCart;

/// What some SKUs are, cost, and how many there are, now.
#[derive(Debug, Default)]
pub(crate) struct Market {
    offers: BTreeMap<SkuId, Offer>,
    /// None while inventory can't be reached.
    levels: Option<BTreeMap<SkuId, u32>>,
}

impl Market {
    /// What was told of the SKUs that were asked for.
    pub(crate) fn new(offers: Vec<Offer>, levels: Option<Vec<StockLevel>>) -> Self {
        let levels = levels
            .map(|levels| levels.into_iter().map(|level| (level.sku, level.available)).collect());
        Self {
            offers: offers.into_iter().map(|offer| (offer.sku.clone(), offer)).collect(),
            levels,
        }
    }

    /// Refuses a SKU that can't be bought in a currency.
    pub(crate) fn admit(&self, sku: &SkuId, currency: Currency) -> Result<(), CartRefusal> {
        match self.offers.get(sku) {
            None => Err(CartRefusal::UnknownSku { sku: sku.clone() }),
            Some(Offer { price: None, .. }) => {
                Err(CartRefusal::NoPrice { sku: sku.clone(), currency })
            }
            Some(_) => Ok(()),
        }
    }

    /// The cart at these prices.
    pub(crate) fn price(&self, cart: KeptCart) -> Result<Cart, MoneyError> {
        let KeptCart { head, lines } = cart;
        let lines: Vec<CartLine> =
            lines.into_iter().map(|line| self.price_line(line)).collect::<Result<_, _>>()?;
        let totals = lines.iter().filter_map(|line| line.line_total);
        let subtotal = Money::checked_sum(head.currency, totals)?;
        let (id, currency, updated_at) = (head.id, head.currency, head.updated_at);
        Ok(Cart { id, currency, lines, subtotal, updated_at })
    }

    fn price_line(&self, line: WantedLine) -> Result<CartLine, MoneyError> {
        let WantedLine { sku, quantity } = line;
        let offer = self.offers.get(&sku);
        let unit_price = offer.and_then(|offer| offer.price);
        let available =
            self.levels.as_ref().map(|levels| levels.get(&sku).copied().unwrap_or_default());
        Ok(CartLine {
            title: offer.map_or_else(|| sku.to_string(), |offer| offer.title.clone()),
            quantity,
            unit_price,
            line_total: unit_price.map(|price| price.checked_times(quantity)).transpose()?,
            available,
            sku,
        })
    }
}
