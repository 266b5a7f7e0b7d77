use carts_contract::{Cart, CartRefusal, PutLine, RemoveLine};
use kernel::{Call, CallError, Failure};
use platform::UnitOfWork;

use super::ask::{ask, open, priced};
use super::remove_line::remove_line;
use crate::CartsModule;
use crate::domain::cart::{KeptCart, too_many_lines};
use crate::store::carts::CartRows;

/// Sets the quantity of a SKU that the shop sells in the cart's currency; none removes it.
pub(crate) async fn put_line(
    module: &CartsModule,
    call: &Call,
    request: PutLine,
) -> Result<Cart, CallError<CartRefusal>> {
    let PutLine { cart: id, sku, quantity } = request;
    let Some(quantity) = quantity else {
        return remove_line(module, call, RemoveLine { cart: id, sku }).await;
    };
    let seen = open(module, call, id).await?;
    seen.head.admit_change(&call.principal)?;
    seen.admit_line(&sku)?;
    let mut skus = seen.skus();
    if !seen.holds(&sku) {
        skus.push(sku.clone());
    }
    let market =
        ask(module, call, seen.head.currency, skus).await.map_err(Failure::not_executed)?;
    market.admit(&sku, seen.head.currency)?;

    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let carts = CartRows::new(&uow);
    let head = carts.touch(id).await?.ok_or(CartRefusal::UnknownCart)?;
    head.admit_change(&call.principal)?;
    if !carts.put(id, &sku, quantity).await? {
        return Err(too_many_lines().into());
    }
    let lines = if head.follows(&seen.head) {
        seen.lines_with(sku, quantity)
    } else {
        carts.lines(id).await? // another tab changed it meanwhile
    };
    uow.commit().await?;

    priced(module, call, market, KeptCart { head, lines }).await
}
