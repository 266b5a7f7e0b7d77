use inventory_contract::{OpenStock, OpeningStock, StockOpened, StockRefusal};
use kernel::{Call, CallError};
use platform::UnitOfWork;

use crate::InventoryModule;
use crate::store::shelf::{MOST_ON_HAND, Shelf};

/// Sets the first stock of SKUs that have none yet.
pub(crate) async fn open(
    module: &InventoryModule,
    call: &Call,
    request: OpenStock,
) -> Result<StockOpened, CallError<StockRefusal>> {
    if !call.principal.is_staff() {
        return Err(StockRefusal::Forbidden.into());
    }
    if request.items.iter().any(|item| item.on_hand > MOST_ON_HAND) {
        return Err(StockRefusal::TooMuch { most: MOST_ON_HAND }.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let mut items: Vec<OpeningStock> = request.items;
    items.sort_by(|left, right| left.sku.cmp(&right.sku));
    items.dedup_by(|later, earlier| later.sku == earlier.sku);
    let opened = Shelf::new(&uow).open(&items).await?;

    uow.commit().await?;
    Ok(StockOpened { opened })
}
