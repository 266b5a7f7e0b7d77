use carts_contract::{Cart, CartRefusal, ClaimCart};
use kernel::{Call, CallError, Failure};

use super::ask::{ask, open};
use crate::CartsModule;
use crate::domain::cart::KeptCart;
use crate::store::carts;

/// Makes a guest's cart the caller's own; one that is theirs already stays as it is.
pub(crate) async fn claim(
    module: &CartsModule,
    call: &Call,
    request: ClaimCart,
) -> Result<Cart, CallError<CartRefusal>> {
    let claimant = call.principal.user().ok_or(CartRefusal::UnknownCart)?;
    loop {
        let seen = open(module, call, request.cart).await?;
        let market = ask(module, call, seen.head.currency, seen.skus())
            .await
            .map_err(Failure::not_executed)?;
        if seen.head.admit_claim(claimant)? {
            return Ok(market.price(seen).map_err(Failure::from)?);
        }

        let (database, now) = (&module.database, module.clock.now());
        if let Some(head) = carts::give(database, &seen.head, claimant, now).await? {
            return Ok(market.price(KeptCart { head, ..seen }).map_err(Failure::from)?);
        }
        call.check_deadline()?; // another tab changed it meanwhile
    }
}
