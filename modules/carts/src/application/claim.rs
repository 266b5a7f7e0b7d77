use carts_contract::{Cart, CartRefusal, ClaimCart};
use kernel::{Call, CallError, CartId, Failure, UserId};
use platform::UnitOfWork;

use super::ask::{ask, open, priced};
use crate::CartsModule;
use crate::domain::cart::KeptCart;
use crate::store::carts::CartRows;

/// Makes a guest's cart the caller's own; one that is theirs already stays as it is.
pub(crate) async fn claim(
    module: &CartsModule,
    call: &Call,
    request: ClaimCart,
) -> Result<Cart, CallError<CartRefusal>> {
    let claimant = call.principal.user().ok_or(CartRefusal::UnknownCart)?;
    let seen = open(module, call, request.cart).await?;
    let market =
        ask(module, call, seen.head.currency, seen.skus()).await.map_err(Failure::not_executed)?;
    let is_theirs = seen.head.admit_claim(claimant)?;
    let cart = if is_theirs { seen } else { give(module, request.cart, claimant).await? };
    priced(module, call, market, cart).await
}

async fn give(
    module: &CartsModule,
    id: CartId,
    claimant: UserId,
) -> Result<KeptCart, CallError<CartRefusal>> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let carts = CartRows::new(&uow);
    let mut head = carts.lock(id).await?.ok_or(CartRefusal::UnknownCart)?;
    if !head.admit_claim(claimant)? {
        head = carts.give(head, claimant).await?;
    }
    let lines = carts.lines(id).await?;
    uow.commit().await?;
    Ok(KeptCart { head, lines })
}
