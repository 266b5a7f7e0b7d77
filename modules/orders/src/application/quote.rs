use carts_contract::GetCart;
use kernel::{Call, CallError};
use orders_contract::{PlaceRefusal, Quote, QuoteOrder};

use super::priced::{Wanted, cart_to_buy, priced};
use crate::OrdersModule;

/// What an order of the cart would cost.
pub(crate) async fn quote(
    module: &OrdersModule,
    call: &Call,
    request: QuoteOrder,
) -> Result<Quote, CallError<PlaceRefusal>> {
    let contents = cart_to_buy(module, call, GetCart { cart: request.cart }).await?;
    let wanted = Wanted {
        contents: &contents,
        country: request.shipping_address.country,
        shipping_method: &request.shipping_method,
        discount_code: request.discount_code.as_deref(),
    };
    let (lines, totals) = priced(module, call, wanted).await?;
    Ok(Quote { lines, totals })
}
