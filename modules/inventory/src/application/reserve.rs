use std::collections::BTreeMap;

use inventory_contract::{Held, Reservation, Reserve, ReserveRefusal, Shortage};
use kernel::{Call, CallError, Failure, OrderId, Quantity, SkuId};
use platform::{UnitOfWork, fault};

use crate::InventoryModule;
use crate::store::reservations::{Opened, Reservations};
use crate::store::shelf::{Change, MovementKind, Shelf};

/// Holds stock for an order, all lines or none.
pub(crate) async fn reserve(
    module: &InventoryModule,
    call: &Call,
    request: Reserve,
) -> Result<Reservation, CallError<ReserveRefusal>> {
    call.require_system()?;
    let Some(wanted) = by_sku(&request) else { return Err(ReserveRefusal::KeyReused.into()) };
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    match Reservations::new(&uow).open(request.order, &wanted).await? {
        Opened::New => {}
        Opened::Repeated => {
            uow.commit().await?; // what was held may still wait for the same commit
            return Ok(Reservation { order: request.order, lines: wanted });
        }
        Opened::OtherLines => return Err(ReserveRefusal::KeyReused.into()),
        Opened::Closed => return Err(ReserveRefusal::OrderClosed.into()),
    }
    hold(&uow, request.order, &wanted).await?;

    fault::reach("inventory.before-reserve-commit");
    uow.commit().await?;
    fault::reach("inventory.reserved");
    Ok(Reservation { order: request.order, lines: wanted })
}

/// One line a SKU, in byte order, so that no two orders wait for each other's rows in a circle.
fn by_sku(request: &Reserve) -> Option<Vec<Held>> {
    let mut quantities: BTreeMap<SkuId, u32> = BTreeMap::new();
    for line in &request.lines {
        let sum = quantities.entry(line.sku.clone()).or_default();
        *sum = sum.checked_add(line.quantity.get())?;
    }
    quantities
        .into_iter()
        .map(|(sku, sum)| Some(Held { sku, quantity: Quantity::try_from(sum).ok()? }))
        .collect()
}

async fn hold(
    uow: &UnitOfWork,
    order: OrderId,
    wanted: &[Held],
) -> Result<(), CallError<ReserveRefusal>> {
    let (shelf, reference) = (Shelf::new(uow), order.to_string());
    for (taken, line) in wanted.iter().enumerate() {
        let change =
            Change { sku: &line.sku, on_hand: 0, reserved: i64::from(line.quantity.get()) };
        if !shelf.take(&change, (MovementKind::Reserved, &reference)).await? {
            let lines = shortages(&shelf, wanted, taken).await?;
            return Err(ReserveRefusal::OutOfStock { lines }.into());
        }
    }
    Ok(())
}

/// The lines that fall short of what others left; of the first `taken` this order has its share already.
async fn shortages(
    shelf: &Shelf<'_>,
    wanted: &[Held],
    taken: usize,
) -> Result<Vec<Shortage>, Failure> {
    let skus: Vec<SkuId> = wanted.iter().skip(taken).map(|line| line.sku.clone()).collect();
    let levels = shelf.levels(&skus).await?;
    let available = |sku: &SkuId| {
        levels.iter().find(|level| level.sku == *sku).map_or(0, |level| level.available)
    };
    Ok(wanted
        .iter()
        .skip(taken)
        .enumerate()
        .map(|(number, line)| {
            let (requested, available) = (line.quantity.get(), available(&line.sku));
            // The first fell short, whatever was given back since.
            let available = if number == 0 { available.min(requested - 1) } else { available };
            Shortage { sku: line.sku.clone(), requested, available }
        })
        .filter(|line| line.available < line.requested)
        .collect())
}
