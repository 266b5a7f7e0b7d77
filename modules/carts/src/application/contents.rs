use carts_contract::{CartContents, CartRefusal, GetCart};
use kernel::{Call, CallError};

use super::ask::open;
use crate::CartsModule;
use crate::domain::cart::KeptCart;

/// What is in the cart, without prices.
pub(crate) async fn contents(
    module: &CartsModule,
    call: &Call,
    request: GetCart,
) -> Result<CartContents, CallError<CartRefusal>> {
    let KeptCart { head, lines } = open(module, call, request.cart).await?;
    let (id, owner, currency, order) = (head.id, head.owner, head.currency, head.order);
    Ok(CartContents { id, owner, currency, lines, order })
}
