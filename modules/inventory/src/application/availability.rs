use inventory_contract::{Availability, StockLevel, StockRefusal};
use kernel::CallError;

use crate::InventoryModule;
use crate::store::shelf::levels;

/// How much of each SKU can be sold now, in one query.
pub(crate) async fn availability(
    module: &InventoryModule,
    request: Availability,
) -> Result<Vec<StockLevel>, CallError<StockRefusal>> {
    Ok(levels(&module.database, &request.skus).await?)
}
