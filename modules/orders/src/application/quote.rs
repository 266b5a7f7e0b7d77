use kernel::{Call, CallError};
use orders_contract::{PlaceRefusal, Quote, QuoteOrder};

use super::priced::{Wanted, priced};
use crate::OrdersModule;

/// What an order of the cart would cost.
pub(crate) async fn quote(
    module: &OrdersModule,
    call: &Call,
    request: QuoteOrder,
) -> Result<Quote, CallError<PlaceRefusal>> {
    let wanted = Wanted {
        cart: request.cart,
        country: request.shipping_address.country,
        shipping_method: &request.shipping_method,
        discount_code: request.discount_code.as_deref(),
    };
    let (lines, totals) = priced(module, call, wanted).await?;
    Ok(Quote { lines, totals })
}
