use inventory_contract::{Release, ReserveRefusal};
use kernel::{Call, CallError};
use platform::{UnitOfWork, fault};

use crate::InventoryModule;
use crate::store::reservations;

/// Gives back what is held for an order, and closes it for good.
pub(crate) async fn release(
    module: &InventoryModule,
    call: &Call,
    request: Release,
) -> Result<(), CallError<ReserveRefusal>> {
    call.require_system()?;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    reservations::close(&uow, request.order).await?;

    fault::reach("inventory.before-release-commit");
    uow.commit().await?;
    fault::reach("inventory.released");
    Ok(())
}
