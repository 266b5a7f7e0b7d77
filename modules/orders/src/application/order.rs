use kernel::{Call, CallError};
use orders_contract::{GetOrder, Order, ReadRefusal};

use super::checkout::may_see;
use crate::OrdersModule;
use crate::store::read::find;

/// An order, to its owner and to staff.
pub(crate) async fn order(
    module: &OrdersModule,
    call: &Call,
    request: GetOrder,
) -> Result<Order, CallError<ReadRefusal>> {
    match find(&module.database, request.order).await? {
        Some(order) if may_see(module, call, &order) => Ok(order.order),
        _ => Err(ReadRefusal::NotFound.into()),
    }
}
