use carts_contract::{CartRefusal, Freeze};
use kernel::{Call, CallError, CartId, Failure, OrderId};
use platform::fault;

use crate::CartsModule;
use crate::store::carts::kept_cart;
use crate::store::freezes::{self, Frozen};

/// Keeps the cart from changing while an order of it lives.
pub(crate) async fn freeze(
    module: &CartsModule,
    call: &Call,
    request: Freeze,
) -> Result<(), CallError<CartRefusal>> {
    call.require_system()?;
    let Freeze { cart, order } = request;
    fault::reach("carts.before-freeze-commit");
    while !freezes::open(&module.database, (cart, order), module.clock.now()).await? {
        if is_frozen(module, cart, order).await? {
            return Ok(());
        }
        call.check_deadline()?; // it was let go meanwhile
    }
    fault::reach("carts.frozen");
    Ok(())
}

/// Whether the order has frozen this cart already; refuses where it never can. Else the cart was let go since it was tried.
async fn is_frozen(
    module: &CartsModule,
    cart: CartId,
    order: OrderId,
) -> Result<bool, CallError<CartRefusal>> {
    match freezes::of_order(&module.database, order).await? {
        Some(Frozen::Live(frozen)) if frozen == cart => return Ok(true),
        Some(Frozen::Live(_)) => return Err(other_cart().into()),
        Some(Frozen::Closed) => return Err(CartRefusal::OrderClosed.into()),
        None => {}
    }
    let kept = kept_cart(&module.database, cart).await?.ok_or(CartRefusal::UnknownCart)?;
    match kept.head.order {
        Some(order_id) if order_id != order => Err(CartRefusal::CartSpent { order_id }.into()),
        _ => Ok(false),
    }
}

/// The caller mistook one cart for another: no business answer fits.
pub(super) fn other_cart() -> Failure {
    Failure::internal("the order has frozen another cart").not_executed()
}
