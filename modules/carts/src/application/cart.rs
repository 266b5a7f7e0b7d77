use carts_contract::{Cart, CartRefusal, GetCart};
use kernel::{Call, CallError};

use super::ask::{ask, open, priced};
use crate::CartsModule;

/// The cart, priced now.
pub(crate) async fn cart(
    module: &CartsModule,
    call: &Call,
    request: GetCart,
) -> Result<Cart, CallError<CartRefusal>> {
    let cart = open(module, call, request.cart).await?;
    let market = ask(module, call, cart.head.currency, cart.skus()).await?;
    priced(module, call, market, cart).await
}
