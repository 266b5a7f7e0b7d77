use std::time::Duration;

use kernel::Failure;
use platform::UnitOfWork;

use crate::CartsModule;
use crate::store::carts::CartRows;

/// How many carts one call deletes at most.
const BATCH: u32 = 500;

/// Deletes carts that nobody changed for so long and that no live order has.
pub(crate) async fn sweep(module: &CartsModule, older_than: Duration) -> Result<u64, Failure> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let deleted = CartRows::new(&uow).delete_abandoned(uow.now().minus(older_than), BATCH).await?;
    uow.commit().await?;
    Ok(deleted)
}
