use std::collections::BTreeMap;

use inventory_contract::{Held, Reservation, Reserve, ReserveRefusal, Shortage};
use kernel::{Call, CallError, Failure, Quantity, SkuId};
use platform::fault;

use crate::InventoryModule;
use crate::store::reservations::{self, Earlier};
use crate::store::shelf::levels;

/// Holds stock for an order, all lines or none.
pub(crate) async fn reserve(
    module: &InventoryModule,
    call: &Call,
    request: Reserve,
) -> Result<Reservation, CallError<ReserveRefusal>> {
    call.require_system()?;
    let Some(wanted) = by_sku(&request) else { return Err(ReserveRefusal::KeyReused.into()) };
    if wanted.is_empty() {
        return Err(Failure::internal("a reservation of nothing").not_executed().into());
    }
    let held = || Reservation { order: request.order, lines: wanted.clone() };
    fault::reach("inventory.before-reserve-commit");
    loop {
        let now = module.clock.now();
        if reservations::hold(&module.database, request.order, &wanted, now).await? {
            fault::reach("inventory.reserved");
            return Ok(held());
        }
        match reservations::find(&module.database, request.order, &wanted).await? {
            None => {}
            Some(Earlier::SameLines) => return Ok(held()),
            Some(Earlier::OtherLines) => return Err(ReserveRefusal::KeyReused.into()),
            Some(Earlier::Closed) => return Err(ReserveRefusal::OrderClosed.into()),
        }
        let lines = shortages(module, &wanted).await?;
        if !lines.is_empty() {
            return Err(ReserveRefusal::OutOfStock { lines }.into());
        }
        // What was missing was given back since.
    }
}

/// One line a SKU, in byte order: the same wish is the same lines.
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

/// The lines that fall short of what is available.
async fn shortages(module: &InventoryModule, wanted: &[Held]) -> Result<Vec<Shortage>, Failure> {
    let skus: Vec<SkuId> = wanted.iter().map(|line| line.sku.clone()).collect();
    let levels = levels(&module.database, &skus).await?;
    let available = |sku: &SkuId| {
        levels.iter().find(|level| level.sku == *sku).map_or(0, |level| level.available)
    };
    let lines = wanted.iter().map(|line| Shortage {
        sku: line.sku.clone(),
        requested: line.quantity.get(),
        available: available(&line.sku),
    });
    Ok(lines.filter(|line| line.available < line.requested).collect())
}
