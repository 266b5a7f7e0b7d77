//! Modules that come later than the rest, and modules that are replaced while the shop sells.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::{join, join_all, try_join_all};

use super::degradation::troubled;
use super::kills::sells_on;
use crate::{Client, Launcher as _, MODULES, Opening, Outcome, Purchase, Split, Stage, Ware};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 100_000 };
const BUYERS: usize = 4;
/// So many purchases are made between two steps of a replacement.
const BETWEEN_STEPS: usize = 8;

/// All processes but one start, the gateway with them, and are ready; when the last one starts, the shop sells.
pub async fn all_others_start_while_a_module_is_missing(house: &Split) -> Outcome {
    for module in troubled() {
        let last = house.places_of(module);
        let others = house.places().into_iter().filter(|place| !last.contains(place));
        let opening = Opening::empty();
        try_join_all(others.map(|place| house.start_at(place, &opening))).await?;
        let ready = Client::of(house.internal()).get("/readyz").await?.expect_status(200)?.json();
        assert_eq!(ready["modules"][module]["status"], "not-ready", "{ready}");

        house.start_module(module, &opening).await?;

        let stage = Stage::enter(house).await?;
        let sku = format!("MUG-{module}");
        stage.sell(&[Ware { sku: &sku, ..MUG }]).await?;
        let purchase = Purchase::of(&stage.anyone, &[(&sku, 1)], "tok_ok").await?;
        purchase.send(&stage.anyone).await?.expect_status(201)?;
        stage.adds_up().await?;
        house.stop().await?;
    }
    Ok(())
}

/// Each instance of a module is stopped and started in turn while buyers buy, the schema of the next release comes in
/// between, and every request is answered as ever.
pub async fn a_replacement_under_load_fails_no_request(house: &Split) -> Outcome {
    let opening = Opening::empty().modest();
    let stage = Stage::open(house, &opening).await?;
    stage.sell(&[MUG]).await?;
    let (over, bought) = (AtomicBool::new(false), AtomicUsize::new(0));
    let buyers = (0..BUYERS).map(|_| buy_until(&stage.anyone, &over, &bought));
    let replacing = async {
        let replaced = replace_all(house, &opening, &bought).await;
        over.store(true, Ordering::Relaxed);
        replaced
    };

    let (sold, replaced) = join(join_all(buyers), replacing).await;

    sold.into_iter().collect::<Outcome<()>>()?;
    replaced?;
    let bought = i64::try_from(bought.into_inner())?;
    assert_eq!(stage.stock("MUG").await?.reserved, bought);
    stage.adds_up().await
}

async fn buy_until(buyer: &Client, over: &AtomicBool, bought: &AtomicUsize) -> Outcome {
    while !over.load(Ordering::Relaxed) {
        let purchase = Purchase::of(buyer, &[("MUG", 1)], "tok_ok").await?;
        purchase.send(buyer).await?.expect_status(201)?;
        bought.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Replaces all that run in more than one process. The first new instance finds the next schema, and so do the old ones.
async fn replace_all(house: &Split, opening: &Opening, bought: &AtomicUsize) -> Outcome {
    for module in MODULES {
        let places = house.places_of(module);
        let (Some(first), true) = (places.first(), places.len() > 1) else { continue };
        for place in &places {
            sells_on(bought, BETWEEN_STEPS).await?;
            house.stop_at(*place).await?;
            if place == first {
                house.migrate_ahead(module).await?;
            }
            sells_on(bought, BETWEEN_STEPS).await?;
            house.start_at(*place, opening).await?;
        }
    }
    sells_on(bought, BETWEEN_STEPS).await
}
