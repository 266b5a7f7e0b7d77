//! Instances that come and go while the shop sells.

use e2e::suite::instances::they_come_and_go_while_the_shop_sells;
use e2e::{Apart, Placement, Plan, Store, Way};
use libtest_mimic::Trial;

use crate::binaries;
use crate::record::Record;
use crate::trials::{gone, trial};

const AT_MOST: usize = 4;

/// One, two and four processes of a module, one after the other: of inventory always, of others where everything runs.
pub(crate) fn trials(all: bool, record: &Record) -> Vec<Trial> {
    let modules =
        if all { &["inventory", "payments", "carts", "orders"][..] } else { &["inventory"] };
    let each = modules.iter().flat_map(|module| [(*module, Way::Http), (*module, Way::Nats)]);
    each.map(|(module, way)| {
        let apart = Apart::one(module, way, Store::Shared).times(AT_MOST);
        let placement = Placement::of(Plan(vec![apart]), Store::Shared);
        let placed = placement.clone();
        let journey = ("instances", "instances::they_come_and_go_while_the_shop_sells");
        trial(&placement, journey, record, move || async move {
            let Some(house) = placed.prepare(binaries()).await? else { return Ok(()) };
            gone(&house, they_come_and_go_while_the_shop_sells(&house, module).await).await
        })
    })
    .collect()
}
