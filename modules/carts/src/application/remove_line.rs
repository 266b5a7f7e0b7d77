use carts_contract::{Cart, CartRefusal, RemoveLine};
use kernel::{Call, CallError, Failure};

use super::ask::{ask, open};
use crate::CartsModule;
use crate::domain::cart::KeptCart;
use crate::store::carts;

/// Removes a SKU; one that is not there changes nothing.
pub(crate) async fn remove_line(
    module: &CartsModule,
    call: &Call,
    request: RemoveLine,
) -> Result<Cart, CallError<CartRefusal>> {
    let RemoveLine { cart: id, sku } = request;
    loop {
        let seen = open(module, call, id).await?;
        seen.head.admit_change(&call.principal)?;
        let market = ask(module, call, seen.head.currency, seen.skus())
            .await
            .map_err(Failure::not_executed)?;
        if !seen.holds(&sku) {
            return Ok(market.price(seen).map_err(Failure::from)?);
        }

        let (database, now) = (&module.database, module.clock.now());
        if let Some(head) = carts::remove(database, &seen.head, &sku, now).await? {
            let cart = KeptCart { head, lines: seen.lines_without(&sku) };
            return Ok(market.price(cart).map_err(Failure::from)?);
        }
        call.check_deadline()?; // another tab changed it meanwhile
    }
}
