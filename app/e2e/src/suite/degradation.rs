//! What the rest of a shop does while a module is in trouble: `docs/degradation.md` says it, and these read it.

use std::future::pending;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, try_join_all};
use rustix::process::Signal;
use tokio::time::timeout;

use super::kills::{nothing_is_lost, sells_on};
use crate::detour::Detour;
use crate::expected::{Does, Expected};
use crate::scene::{CALLS, SKU, Scene, told};
use crate::{MODULES, Opening, Outcome, Split, Stage, Ware, eventually};

const WARES: [Ware<'_>; 2] =
    [Ware { sku: SKU, price: 1_999, stock: 10_000 }, Ware { sku: "PLATE", price: 900, stock: 9 }];
/// What a request has in a shop whose modules are paused; ten seconds, unless set.
const DEADLINE: Duration = Duration::from_secs(3);
const USUAL_DEADLINE: Duration = Duration::from_secs(10);
/// How much longer than the table says an answer may take on a machine that has other things to do.
const SLACK: Duration = Duration::from_secs(2);
/// How soon after the trouble all is as before.
const HEALED: Duration = Duration::from_secs(12);
/// How long a page waits for what can be sold.
const PAGE_WAITS: Duration = Duration::from_secs(1);
/// How late a slow module hears what it is asked.
const LATE: Duration = Duration::from_millis(1_500);

/// The modules that get into trouble: all with `GALLERIA_MATRIX=1`, else the one whose trouble has most faces.
pub fn troubled() -> Vec<&'static str> {
    if whole_matrix() { MODULES.to_vec() } else { vec!["inventory"] }
}

/// Whether everything is tried that there is.
pub fn whole_matrix() -> bool {
    std::env::var("GALLERIA_MATRIX").as_deref() == Ok("1")
}

/// A dead module takes the calls along that need it, at once, and no others; back again, it goes on where it was.
pub async fn a_dead_module_degrades_the_shop_as_the_table_says(house: &Split) -> Outcome {
    let (stage, table) = (open(house, &Opening::empty()).await?, Expected::read("Down")?);
    // Buying goes on without shipping: that is tried always.
    let also = (!whole_matrix()).then_some("shipping");
    for module in troubled().into_iter().chain(also) {
        let scene = Scene::prepare(&stage).await?;
        for place in house.places_of(module) {
            house.kill_at(place).await?;
        }
        agrees(&table, &scene, module, USUAL_DEADLINE).await?;
        house.start_module(module, &Opening::empty()).await?;
        heals(&scene, module).await?;
    }
    stage.adds_up().await
}

/// A module that is paused for longer than a deadline keeps the calls that need it waiting, to their deadline, and no
/// others; when it goes on, so does the shop.
pub async fn a_paused_module_degrades_the_shop_as_the_table_says(house: &Split) -> Outcome {
    let (stage, table) = (open(house, &in_short_time()).await?, Expected::read("Paused")?);
    for module in troubled() {
        let scene = Scene::prepare(&stage).await?;
        pause(house, module).await?;
        agrees(&table, &scene, module, DEADLINE).await?;
        resume(house, module).await?;
        heals(&scene, module).await?;
    }
    stage.adds_up().await
}

/// A module that hears everything late makes the calls slow that need it, or poorer, and no others.
pub async fn a_slow_module_degrades_the_shop_as_the_table_says(house: &Split) -> Outcome {
    let mut opening = Opening::empty();
    let mut detours = Vec::new();
    for module in MODULES {
        let place = *house.places_of(module).first().ok_or("a module without a process")?;
        let detour = Detour::to(house.address_of(place)).await?;
        let setting = format!("GALLERIA__MODULES__{}__URL", module.to_uppercase());
        opening = opening.with(&setting, detour.url());
        detours.push((module, detour));
    }
    let (stage, table) = (open(house, &opening).await?, Expected::read("Slow")?);
    for (module, detour) in detours.iter().filter(|(module, _)| troubled().contains(module)) {
        let scene = Scene::prepare(&stage).await?;
        detour.slow(LATE);
        agrees(&table, &scene, module, USUAL_DEADLINE).await?;
        detour.slow(Duration::ZERO);
        heals(&scene, module).await?;
    }
    stage.adds_up().await
}

/// While buyers buy, modules are killed and started again, and paused for longer than a deadline: every purchase gets its
/// outcome, and nothing is lost, doubled or left held.
pub async fn modules_that_come_and_go_lose_and_double_nothing(house: &Split) -> Outcome {
    let opening = in_short_time();
    let stage = Stage::open(house, &opening).await?;
    nothing_is_lost(&stage, async |bought| {
        for module in troubled() {
            sells_on(bought, 5).await?;
            for place in house.places_of(module) {
                house.kill_at(place).await?;
            }
            house.start_module(module, &opening).await?;
            sells_on(bought, 5).await?;
            pause(house, module).await?;
            let _elapsed = timeout(DEADLINE + DEADLINE / 5, pending::<()>()).await;
            resume(house, module).await?;
        }
        sells_on(bought, 5).await
    })
    .await
}

/// After many pages in a row that inventory did not answer for, a page no longer waits for it; one in a second tries.
pub async fn a_paused_inventory_soon_makes_no_page_wait(house: &Split) -> Outcome {
    let stage = open(house, &Opening::empty()).await?;
    pause(house, "inventory").await?;
    let pages = async |count: usize| {
        let pages = (0..count).map(async |_| {
            let asked = Instant::now();
            stage.anyone.get("/api/products/mug").await?.expect_status(200)?;
            Outcome::Ok(asked.elapsed() >= PAGE_WAITS)
        });
        let waited = try_join_all(pages).await?;
        Outcome::Ok(waited.into_iter().filter(|waited| *waited).count())
    };

    let at_first = pages(60).await?;
    let then = pages(10).await?;

    resume(house, "inventory").await?;
    assert_eq!(at_first, 60);
    assert!(then <= 1, "{then} of 10 pages waited");
    eventually(HEALED, "the page has availability again", async || {
        let page = stage.anyone.get("/api/products/mug").await?.expect_status(200)?.json();
        Ok(page["variants"][0]["available"].as_u64())
    })
    .await
    .map(drop)
}

/// A shop whose requests have little time.
fn in_short_time() -> Opening {
    let time = DEADLINE.as_millis().to_string();
    Opening::empty().with("GALLERIA__SERVER__REQUEST_DEADLINE_MS", time)
}

async fn pause(house: &Split, module: &str) -> Outcome {
    for place in house.places_of(module) {
        house.pause_at(place).await?;
    }
    Ok(())
}

async fn resume(house: &Split, module: &str) -> Outcome {
    for place in house.places_of(module) {
        house.signal_at(place, Signal::CONT).await?;
    }
    Ok(())
}

async fn open<'a>(house: &'a Split, opening: &Opening) -> Outcome<Stage<'a>> {
    let stage = Stage::open(house, opening).await?;
    stage.sell(&WARES).await?;
    // Whom a process calls for the first time it asks first what it serves; the gateway has called inventory from here on.
    stage.stock(SKU).await?;
    Ok(stage)
}

/// Makes all calls at once, and compares what they do with what the table says; tells everything that differs.
async fn agrees(table: &Expected, scene: &Scene, module: &str, deadline: Duration) -> Outcome {
    assert_eq!(table.calls(), CALLS, "the table has other calls than the test");
    let calls = CALLS.iter().map(async |call| {
        let cell = table.of(call, module)?;
        let (answer, took) = scene.timed(call).await?;
        let did = told(call, &answer, module);
        let unavailable = matches!(did, Does::Refuses(503, _));
        let wrong = if did != cell.does {
            format!("wanted {:?}, but it did {did:?}: {answer}", cell.does)
        } else if took > cell.within.at_most(deadline) + SLACK {
            format!("wanted {:?}, but it took {took:?}", cell.within)
        } else if unavailable && answer.header("retry-after").is_empty() {
            "it does not say when to try again".to_owned()
        } else {
            return Ok(None);
        };
        Outcome::Ok(Some(format!("\n  {call}: {wrong}")))
    });
    let wrong: String = try_join_all(calls).await?.into_iter().flatten().collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{module} in trouble:{wrong}").into()) }
}

/// Waits until every call works again. Purchases and other writes are repeats of those made in the trouble.
async fn heals(scene: &Scene, module: &str) -> Outcome {
    let healed = CALLS.iter().map(|call| {
        let what = format!("{call} works again after {module} was in trouble");
        async move {
            eventually(HEALED, &what, async || {
                let (answer, _) = scene.timed(call).await?;
                let did = told(call, &answer, module);
                if did == Does::Works { Ok(Some(())) } else { Err(format!("{did:?}").into()) }
            })
            .await
        }
    });
    join_all(healed).await.into_iter().collect()
}
