use carts_contract::{CartContents, CartRefusal, GetCart};
use catalog_contract::Offers;
use kernel::{Call, CallError, CartId, Country, Money, MoneyError, SkuId};
use orders_contract::{OrderLine, OrderTotals, PlaceRefusal};
use shipping_contract::ListMethods;

use super::parcels::postage;
use crate::domain::pricing::{PricedLine, Tax, price};
use crate::{MODULE, OrdersModule};

/// What the buyer chose.
pub(crate) struct Wanted<'a> {
    pub(crate) cart: CartId,
    pub(crate) country: Country,
    pub(crate) shipping_method: &'a str,
    pub(crate) discount_code: Option<&'a str>,
}

/// The cart, if the caller may buy it now.
async fn cart_to_buy(
    module: &OrdersModule,
    call: &Call,
    request: GetCart,
) -> Result<CartContents, CallError<PlaceRefusal>> {
    let contents = module.neighbours.carts.contents(&call.child(MODULE, "contents"), request).await;
    let contents = contents.map_err(|error| match error {
        CallError::Refused(CartRefusal::UnknownCart) => PlaceRefusal::UnknownCart.into(),
        other => CallError::Failed(other.into_failure()),
    })?;
    match contents.order {
        Some(order_id) => Err(PlaceRefusal::CartSpent { order_id }.into()),
        None if contents.lines.is_empty() => Err(PlaceRefusal::CartEmpty.into()),
        None => Ok(contents),
    }
}

/// What is in the cart, and what it costs now. The shop alone decides.
pub(crate) async fn priced(
    module: &OrdersModule,
    call: &Call,
    wanted: Wanted<'_>,
) -> Result<(Vec<OrderLine>, OrderTotals), CallError<PlaceRefusal>> {
    let contents = cart_to_buy(module, call, GetCart { cart: wanted.cart }).await?;
    if wanted.discount_code.is_some() {
        return Err(PlaceRefusal::UnknownDiscountCode.into());
    }
    let (lines, weight_grams) = offered(module, call, &contents).await?;
    let parcel = ListMethods { country: wanted.country, weight_grams, currency: contents.currency };
    let postage = postage(module, call, wanted.shipping_method, parcel).await?;
    let tax = Tax {
        rate: module.settings.rate(wanted.country),
        included: module.settings.prices_include_tax,
    };
    price(lines, postage, tax).and_then(bounded).map_err(|error| match error {
        MoneyError::Overflow => PlaceRefusal::AmountTooLarge.into(),
        MoneyError::Mixed { .. } => CallError::Failed(error.into()),
    })
}

fn bounded(
    priced: (Vec<OrderLine>, OrderTotals),
) -> Result<(Vec<OrderLine>, OrderTotals), MoneyError> {
    if priced.1.total.amount() > Money::MAX_INPUT { Err(MoneyError::Overflow) } else { Ok(priced) }
}

async fn offered(
    module: &OrdersModule,
    call: &Call,
    contents: &CartContents,
) -> Result<(Vec<PricedLine>, u64), CallError<PlaceRefusal>> {
    let skus: Vec<SkuId> = contents.lines.iter().map(|line| line.sku.clone()).collect();
    let request = Offers { skus, currency: Some(contents.currency), not_on_sale_too: false };
    let offers = module.neighbours.catalog.offers(&call.child(MODULE, "offers"), request).await;
    let offers = offers.map_err(|error| CallError::Failed(error.into_failure()))?;
    let mut weight: u64 = 0;
    let mut lines = Vec::with_capacity(contents.lines.len());
    for line in &contents.lines {
        let (sku, quantity) = (line.sku.clone(), line.quantity);
        let Some(offer) = offers.iter().find(|offer| offer.sku == sku) else {
            return Err(PlaceRefusal::UnknownSku { sku }.into());
        };
        let Some(unit_price) = offer.price else {
            return Err(PlaceRefusal::NoPrice { sku, currency: contents.currency }.into());
        };
        weight = weight.saturating_add(u64::from(offer.weight_grams) * u64::from(quantity.get()));
        lines.push(PricedLine { sku, title: offer.title.clone(), quantity, unit_price });
    }
    Ok((lines, weight))
}
