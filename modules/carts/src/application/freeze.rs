use carts_contract::{CartRefusal, Freeze};
use kernel::{Call, CallError, Failure};
use platform::{UnitOfWork, fault};

use crate::CartsModule;
use crate::store::carts::CartRows;
use crate::store::freezes::{Freezes, Opened};

/// Keeps the cart from changing while an order of it lives.
pub(crate) async fn freeze(
    module: &CartsModule,
    call: &Call,
    request: Freeze,
) -> Result<(), CallError<CartRefusal>> {
    call.require_system()?;
    let Freeze { cart, order } = request;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let carts = CartRows::new(&uow);
    let holder = carts.hold(cart, order).await?.ok_or(CartRefusal::UnknownCart)?;
    match Freezes::new(&uow).open(cart, order).await? {
        Opened::New if holder == order => {}
        Opened::Repeated => {
            uow.commit().await?; // the freeze may still wait for the same commit
            return Ok(());
        }
        Opened::Closed => return Err(CartRefusal::OrderClosed.into()),
        Opened::New | Opened::Taken => {
            return Err(CartRefusal::CartSpent { order_id: holder }.into());
        }
        Opened::OtherCart => return Err(other_cart().into()),
    }

    fault::reach("carts.before-freeze-commit");
    uow.commit().await?;
    fault::reach("carts.frozen");
    Ok(())
}

/// The caller mistook one cart for another: no business answer fits.
pub(super) fn other_cart() -> Failure {
    Failure::internal("the order has frozen another cart").not_executed()
}
