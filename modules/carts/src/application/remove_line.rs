use carts_contract::{Cart, CartRefusal, RemoveLine};
use kernel::{Call, CallError, Failure};
use platform::UnitOfWork;

use super::ask::{ask, open, priced};
use crate::CartsModule;
use crate::domain::cart::KeptCart;
use crate::store::carts::CartRows;

/// Removes a SKU; one that is not there changes nothing.
pub(crate) async fn remove_line(
    module: &CartsModule,
    call: &Call,
    request: RemoveLine,
) -> Result<Cart, CallError<CartRefusal>> {
    let RemoveLine { cart: id, sku } = request;
    let seen = open(module, call, id).await?;
    seen.head.admit_change(&call.principal)?;
    let market =
        ask(module, call, seen.head.currency, seen.skus()).await.map_err(Failure::not_executed)?;
    if !seen.holds(&sku) {
        return priced(module, call, market, seen).await;
    }

    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let carts = CartRows::new(&uow);
    let head = carts.touch(id).await?.ok_or(CartRefusal::UnknownCart)?;
    head.admit_change(&call.principal)?;
    carts.remove(id, &sku).await?;
    let lines = carts.lines(id).await?;
    uow.commit().await?;

    priced(module, call, market, KeptCart { head, lines }).await
}
