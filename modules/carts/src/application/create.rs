use carts_contract::{Cart, CartOwner, CartRefusal, CreateCart};
use kernel::{Call, CallError, CartId, Money};

use crate::CartsModule;
use crate::domain::cart::CartHead;
use crate::store::carts::insert;

/// Makes an empty cart, which belongs to the caller if signed in.
pub(crate) async fn create(
    module: &CartsModule,
    call: &Call,
    request: CreateCart,
) -> Result<Cart, CallError<CartRefusal>> {
    let head = CartHead {
        id: CartId::random(),
        owner: call.principal.user().map_or(CartOwner::Guest, |id| CartOwner::User { id }),
        currency: request.currency.unwrap_or(module.settings.shop_currency),
        order: None,
        version: 0,
        updated_at: module.clock.now(),
    };
    insert(&module.database, &head).await?;
    let CartHead { id, currency, updated_at, .. } = head;
    Ok(Cart { id, currency, lines: Vec::new(), subtotal: Money::zero(currency), updated_at })
}
