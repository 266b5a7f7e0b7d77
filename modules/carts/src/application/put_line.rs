use carts_contract::{Cart, CartRefusal, PutLine, RemoveLine};
use kernel::{Call, CallError, Failure};

use super::ask::{ask, open};
use super::remove_line::remove_line;
use crate::CartsModule;
use crate::domain::cart::KeptCart;
use crate::store::carts;

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
    loop {
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

        let (database, now) = (&module.database, module.clock.now());
        if let Some(head) = carts::put(database, &seen.head, (&sku, quantity), now).await? {
            let cart = KeptCart { head, lines: seen.lines_with(sku, quantity) };
            return Ok(market.price(cart).map_err(Failure::from)?);
        }
        call.check_deadline()?; // another tab changed it meanwhile
    }
}
