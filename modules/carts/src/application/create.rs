use carts_contract::{Cart, CartOwner, CartRefusal, CreateCart};
use kernel::{Call, CallError, CartId, Money};
use platform::UnitOfWork;

use crate::CartsModule;
use crate::domain::cart::CartHead;
use crate::store::carts::CartRows;

/// Makes an empty cart, which belongs to the caller if signed in.
pub(crate) async fn create(
    module: &CartsModule,
    call: &Call,
    request: CreateCart,
) -> Result<Cart, CallError<CartRefusal>> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let head = CartHead {
        id: CartId::random(),
        owner: call.principal.user().map_or(CartOwner::Guest, |id| CartOwner::User { id }),
        currency: request.currency.unwrap_or(module.settings.shop_currency),
        order: None,
        version: 0,
        updated_at: uow.now(),
    };
    CartRows::new(&uow).insert(&head).await?;

    uow.commit().await?;
    let CartHead { id, currency, updated_at, .. } = head;
    Ok(Cart { id, currency, lines: Vec::new(), subtotal: Money::zero(currency), updated_at })
}
