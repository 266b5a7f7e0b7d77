use inventory_contract::{OpeningStock, SetOnHand, Stock, StockRefusal};
use kernel::{Call, CallError};
use platform::UnitOfWork;

use crate::InventoryModule;
use crate::application::adjust::change;
use crate::store::shelf::{MOST_ON_HAND, MovementKind, Shelf, counters};

/// Says how much lies on the shelf, after a count.
pub(crate) async fn set_on_hand(
    module: &InventoryModule,
    call: &Call,
    request: SetOnHand,
) -> Result<Stock, CallError<StockRefusal>> {
    if !call.principal.is_staff() {
        return Err(StockRefusal::Forbidden.into());
    }
    if request.on_hand > MOST_ON_HAND {
        return Err(StockRefusal::TooMuch { most: MOST_ON_HAND }.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let shelf = Shelf::new(&uow);
    shelf.open(&[OpeningStock { sku: request.sku.clone(), on_hand: 0 }]).await?;
    shelf.lock(&request.sku).await?;
    let before = counters(&uow, &request.sku).await?.map_or(0, |stock| stock.on_hand);
    let delta = i64::from(request.on_hand) - i64::from(before);
    let stock = change(&uow, &request.sku, delta, (MovementKind::Counted, "count")).await?;

    uow.commit().await?;
    Ok(stock)
}
