use inventory_contract::{AdjustStock, OpeningStock, Stock, StockRefusal};
use kernel::{Call, CallError, SkuId};
use platform::UnitOfWork;

use crate::InventoryModule;
use crate::store::shelf::{MOST_ON_HAND, MovementKind, Shelf, counters};

/// Adds to the shelf or takes from it, with a reason.
pub(crate) async fn adjust(
    module: &InventoryModule,
    call: &Call,
    request: AdjustStock,
) -> Result<Stock, CallError<StockRefusal>> {
    if !call.principal.is_staff() {
        return Err(StockRefusal::Forbidden.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let shelf = Shelf::new(&uow);
    shelf.open(&[OpeningStock { sku: request.sku.clone(), on_hand: 0 }]).await?;
    shelf.lock(&request.sku).await?;
    let reason = (MovementKind::Adjusted, request.reason.as_str());
    let stock = change(&uow, &request.sku, i64::from(request.delta), reason).await?;

    uow.commit().await?;
    Ok(stock)
}

/// Changes what lies on a shelf that is locked, and keeps the reason.
pub(crate) async fn change(
    uow: &UnitOfWork,
    sku: &SkuId,
    delta: i64,
    why: (MovementKind, &str),
) -> Result<Stock, CallError<StockRefusal>> {
    let shelf = Shelf::new(uow);
    let taken = delta == 0 || shelf.change(sku, delta, why).await?;
    let stock =
        counters(uow, sku).await?.ok_or_else(|| StockRefusal::UnknownSku { sku: sku.clone() })?;
    if !taken {
        if i64::from(stock.on_hand) + delta < i64::from(stock.reserved) {
            return Err(StockRefusal::BelowReserved { reserved: stock.reserved }.into());
        }
        return Err(StockRefusal::TooMuch { most: MOST_ON_HAND }.into());
    }
    Ok(stock)
}
