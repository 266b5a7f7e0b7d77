use inventory_contract::{ListMovements, Movement, StockRefusal};
use kernel::{Call, CallError, Page};

use crate::InventoryModule;
use crate::store::shelf::{counters, movements_before};

/// Every change of a SKU's counters, newest first.
pub(crate) async fn movements(
    module: &InventoryModule,
    call: &Call,
    request: ListMovements,
) -> Result<Page<Movement>, CallError<StockRefusal>> {
    if !call.principal.is_staff() {
        return Err(StockRefusal::Forbidden.into());
    }
    if counters(&module.database, &request.sku).await?.is_none() {
        return Err(StockRefusal::UnknownSku { sku: request.sku }.into());
    }
    let before = match request.page.cursor {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|_| StockRefusal::UnknownCursor)?,
    };
    let limit = request.page.limit.clamp(1, 100);
    let movements = movements_before(&module.database, &request.sku, before, limit + 1).await?;
    Ok(Page::cut(movements, limit, |movement| movement.number.to_string()))
}
