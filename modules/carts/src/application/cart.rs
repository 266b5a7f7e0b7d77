use carts_contract::{Cart, CartRefusal, GetCart};
use kernel::{Call, CallError, Failure};

use super::ask::{ask, open};
use crate::CartsModule;

/// The cart, priced now.
pub(crate) async fn cart(
    module: &CartsModule,
    call: &Call,
    request: GetCart,
) -> Result<Cart, CallError<CartRefusal>> {
    let cart = open(module, call, request.cart).await?;
    let market = ask(module, call, cart.head.currency, cart.skus()).await?;
    Ok(market.price(cart).map_err(Failure::from)?)
}
