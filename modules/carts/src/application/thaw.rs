use carts_contract::{CartRefusal, Thaw};
use kernel::{Call, CallError};
use platform::{UnitOfWork, fault};

use super::freeze::other_cart;
use crate::CartsModule;
use crate::store::carts::CartRows;
use crate::store::freezes::Freezes;

/// Lets the cart change again, and closes the order for good.
pub(crate) async fn thaw(
    module: &CartsModule,
    call: &Call,
    request: Thaw,
) -> Result<(), CallError<CartRefusal>> {
    call.require_system()?;
    let Thaw { cart, order } = request;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    CartRows::new(&uow).let_go(cart, order).await?;
    let frozen = Freezes::new(&uow).close(cart, order).await?;
    if frozen != cart {
        return Err(other_cart().into());
    }

    fault::reach("carts.before-thaw-commit");
    uow.commit().await?;
    fault::reach("carts.thawed");
    Ok(())
}
