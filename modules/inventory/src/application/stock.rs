use inventory_contract::{GetStock, Stock, StockRefusal};
use kernel::CallError;

use crate::InventoryModule;
use crate::store::shelf::counters;

/// The counters of one SKU.
pub(crate) async fn stock(
    module: &InventoryModule,
    request: GetStock,
) -> Result<Stock, CallError<StockRefusal>> {
    match counters(&module.database, &request.sku).await? {
        Some(stock) => Ok(stock),
        None => Err(StockRefusal::UnknownSku { sku: request.sku }.into()),
    }
}
