use inventory_contract::{Release, ReserveRefusal};
use kernel::{Call, CallError};
use platform::{UnitOfWork, fault};

use crate::InventoryModule;
use crate::store::reservations::Reservations;
use crate::store::shelf::{Change, MovementKind, Shelf};

/// Gives back what is held for an order, and closes it for good.
pub(crate) async fn release(
    module: &InventoryModule,
    call: &Call,
    request: Release,
) -> Result<(), CallError<ReserveRefusal>> {
    call.require_system()?;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let held = Reservations::new(&uow).close(request.order).await?;
    let (shelf, reference) = (Shelf::new(&uow), request.order.to_string());
    for line in &held {
        let change =
            Change { sku: &line.sku, on_hand: 0, reserved: -i64::from(line.quantity.get()) };
        shelf.put(&change, (MovementKind::Released, &reference)).await?;
    }

    fault::reach("inventory.before-release-commit");
    uow.commit().await?;
    fault::reach("inventory.released");
    Ok(())
}
