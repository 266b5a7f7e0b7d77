use kernel::{Call, CallError, Page};
use orders_contract::{ListOrders, Order, ReadRefusal};

use crate::OrdersModule;
use crate::store::read::{self, Filter};

/// The caller's orders, or all to staff; newest first.
pub(crate) async fn list(
    module: &OrdersModule,
    call: &Call,
    request: ListOrders,
) -> Result<Page<Order>, CallError<ReadRefusal>> {
    let before = request
        .page
        .cursor
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| ReadRefusal::UnknownCursor)?;
    let filter = if call.principal.is_staff() {
        Filter { status: request.status, email: request.email, user: request.user, before }
    } else {
        let user = call.principal.user().ok_or(ReadRefusal::Unauthenticated)?;
        Filter { user: Some(user), status: request.status, email: None, before }
    };
    let limit = request.page.limit.clamp(1, 100);
    let orders = read::list(&module.database, &filter, limit + 1).await?;
    Ok(Page::cut(orders, limit, |order| order.id.to_string()))
}
