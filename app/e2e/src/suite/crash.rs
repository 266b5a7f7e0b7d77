//! A power cut at each step of a purchase.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use futures_util::future::try_join_all;

use crate::flow::{Flow, SKU, STOCK};
use crate::{Binary, Launcher, Opening, Outcome, Purchase, Stage, Ware};

const LANES: usize = 4;
const ENDED: Duration = Duration::from_secs(20);

/// Killed at any fault point, the shop settles every order by itself; none is lost, none is doubled, and the money is right.
///
/// Each point is cut in the first way of a purchase that reaches it; with `GALLERIA_CRASH_ALL` set, in each
/// such way, and again while the shop recovers.
pub async fn a_crash_at_any_point_loses_and_doubles_nothing(house: &dyn Launcher) -> Outcome {
    let reached = points_by_flow(house).await?;
    let listed = house.command(Binary::Faults, &["fault-points"]).await?.text;
    let listed: BTreeSet<String> = listed.split_whitespace().map(str::to_owned).collect();
    let hit: BTreeSet<String> = reached.values().flatten().cloned().collect();
    let (missed, unlisted) = (&listed - &hit, &hit - &listed);
    assert!(!listed.is_empty(), "no fault point is listed");
    assert!(missed.is_empty(), "no way of a purchase reaches {missed:?}");
    assert!(unlisted.is_empty(), "not listed: {unlisted:?}");
    let mut cuts = Vec::new();
    for point in &listed {
        let flows = Flow::ALL.into_iter().filter(|flow| reached[flow].contains(point));
        let most = if thorough() { Flow::ALL.len() } else { 1 };
        cuts.extend(flows.take(most).map(|flow| (point.as_str(), flow)));
    }
    let lanes = (0..LANES).map(|lane| cut_each(house, cuts.iter().skip(lane).step_by(LANES)));
    try_join_all(lanes).await.map(drop)
}

/// Cuts at one point after the other, in a shop of its own: most of a cut is waiting.
async fn cut_each<'a>(
    house: &dyn Launcher,
    cuts: impl Iterator<Item = &'a (&'a str, Flow)>,
) -> Outcome {
    let house = house.elsewhere().await?;
    fill(&*house).await?;
    for (point, flow) in cuts {
        let cut = cut(&*house, point, *flow).await;
        cut.map_err(|error| format!("cut at {point} of {flow:?}: {error}"))?;
    }
    Ok(())
}

async fn fill(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[Ware { sku: SKU, price: 1_999, stock: STOCK }]).await?;
    stage.quiet().await?;
    house.stop().await.map(drop)
}

/// Goes every way once, and learns from the log of fault points which it reaches.
async fn points_by_flow(house: &dyn Launcher) -> Outcome<BTreeMap<Flow, BTreeSet<String>>> {
    fill(house).await?;
    let mut reached = BTreeMap::new();
    let log = tempfile::NamedTempFile::new()?;
    let path = log.path().to_string_lossy().into_owned();
    for flow in Flow::ALL {
        log.as_file().set_len(0)?;
        let opening = flow.opening(Opening::faulty().with("GALLERIA_FAULT_LOG", &path));
        let purchase = flow.begin(house, &opening).await?;
        let stage = Stage::enter(house).await?;
        let gone = flow.go(&stage, &purchase).await;
        gone.map_err(|error| format!("{flow:?}: {error}"))?;
        stage.adds_up().await?;
        reached.insert(flow, reached_points(log.path())?);
    }
    house.kill().await?;
    Ok(reached)
}

fn reached_points(log: &Path) -> Outcome<BTreeSet<String>> {
    Ok(std::fs::read_to_string(log)?.lines().map(str::to_owned).collect())
}

/// Goes a way until the point is reached, opens the shop again, and looks at what is left.
async fn cut(house: &dyn Launcher, point: &str, flow: Flow) -> Outcome {
    let opening = flow.opening(Opening::cut_at(point));
    let purchase = flow.begin(house, &opening).await?;
    tokio::select! {
        gone = go(house, flow, &purchase) => {
            let ended = house.ended(ENDED).await;
            ended.map_err(|error| format!("the way ended with {gone:?}, but {error}"))?;
        }
        ended = house.ended(4 * ENDED) => ended?,
    }
    if thorough() {
        cut_the_recovery(house, &opening).await?;
    }

    let stage = Stage::open(house, &flow.opening(Opening::empty())).await?;
    stage.settled().await?;

    let orders = format!("/api/orders?email={}", purchase.email());
    let before = stage.all(&orders).await?;
    assert!(before.len() <= 1, "doubled: {before:?}");
    flow.go(&stage, &purchase).await?;
    let after = stage.all(&orders).await?;
    assert_eq!(after.len(), 1, "{after:?}");
    if let Some(before) = before.first() {
        assert_eq!(before["id"], after[0]["id"]);
    }
    assert_eq!(after[0]["status"], flow.status());
    flow.check_money(&stage, &after[0]).await?;
    let confirmed = stage.all("/api/orders?status=confirmed").await?.len();
    assert_eq!(usize::try_from(stage.stock(SKU).await?.reserved)?, confirmed);
    stage.adds_up().await
}

async fn go(house: &dyn Launcher, flow: Flow, purchase: &Purchase) -> Outcome {
    flow.go(&Stage::enter(house).await?, purchase).await
}

/// Opens the shop with the same fault point, which what was cut off may reach again, and ends it.
async fn cut_the_recovery(house: &dyn Launcher, opening: &Opening) -> Outcome {
    if let Ok(stage) = Stage::open(house, opening).await {
        let _settled_or_cut = stage.settled().await;
    }
    house.kill().await
}

fn thorough() -> bool {
    std::env::var_os("GALLERIA_CRASH_ALL").is_some()
}
