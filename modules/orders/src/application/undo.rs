use carts_contract::Thaw;
use inventory_contract::Release;
use kernel::{Call, Failure};
use orders_contract::Rejection;
use payments_contract::Void;
use platform::fault;

use crate::store::read::StoredOrder;
use crate::{MODULE, OrdersModule};

/// Which steps of a purchase were done, or may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Done {
    Frozen,
    Reserved,
    Authorized,
}

impl Done {
    /// The steps up to the one that refused, which an earlier try of it may still do: only an undone step refuses that. A
    /// declined payment is one that was made, and declines for good.
    pub(crate) fn by(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::CartSpent { .. } => Self::Frozen,
            Rejection::OutOfStock { .. } | Rejection::PaymentDeclined { .. } => Self::Reserved,
            Rejection::TimedOut => Self::Authorized,
        }
    }
}

/// Undoes the steps that were done, the last one first. Each closes the order for its step, so that a late repeat is refused.
pub(crate) async fn undo(
    module: &OrdersModule,
    call: &Call,
    order: &StoredOrder,
    done: Done,
) -> Result<(), Failure> {
    let id = order.order.id;
    if done >= Done::Authorized {
        let voided =
            module.neighbours.payments.void(&call.child(MODULE, "void"), Void { order: id }).await;
        voided.map_err(kernel::CallError::into_failure)?;
        fault::reach("orders.payment-voided");
    }
    if done >= Done::Reserved {
        let released = module
            .neighbours
            .inventory
            .release(&call.child(MODULE, "release"), Release { order: id })
            .await;
        released.map_err(kernel::CallError::into_failure)?;
        fault::reach("orders.stock-released");
    }
    let thaw = Thaw { cart: order.cart, order: id };
    let thawed = module.neighbours.carts.thaw(&call.child(MODULE, "thaw"), thaw).await;
    thawed.map_err(kernel::CallError::into_failure)?;
    fault::reach("orders.cart-thawed");
    Ok(())
}
