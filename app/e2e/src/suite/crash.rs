//! A power cut at each step of a purchase.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Binary, Client, Launcher, Opening, Outcome, Purchase, Stage, Ware, text};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 500 };
const FLOWS: [Flow; 6] = [
    Flow::Bought,
    Flow::LostAnswer,
    Flow::Failing,
    Flow::Declined,
    Flow::OutOfStock,
    Flow::Cancelled,
];

/// A way that a purchase goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Flow {
    Bought,
    LostAnswer,
    Failing,
    Declined,
    OutOfStock,
    Cancelled,
}

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
    for point in &listed {
        let mut flows: Vec<Flow> =
            FLOWS.into_iter().filter(|flow| reached[flow].contains(point)).collect();
        if !thorough() {
            flows.truncate(1);
        }
        for flow in flows {
            let cut = cut(house, point, flow).await;
            cut.map_err(|error| format!("cut at {point} of {flow:?}: {error}"))?;
        }
    }
    Ok(())
}

/// Goes every way once, and learns from the log of fault points which it reaches.
async fn points_by_flow(house: &dyn Launcher) -> Outcome<BTreeMap<Flow, BTreeSet<String>>> {
    let log = tempfile::NamedTempFile::new()?;
    let path = log.path().to_string_lossy().into_owned();
    let opening = Opening::faulty().with("GALLERIA_FAULT_LOG", path);
    let stage = Stage::open(house, &opening).await?;
    stage.sell(&[MUG]).await?;
    stage.quiet().await?;
    let mut reached = BTreeMap::new();
    for flow in FLOWS {
        let before = reached_points(log.path())?.len();
        let purchase = flow.prepare(&stage.anyone).await?;
        flow.go(&stage.anyone, &purchase).await?;
        stage.adds_up().await?;
        reached.insert(flow, reached_points(log.path())?.into_iter().skip(before).collect());
    }
    house.kill().await?;
    Ok(reached)
}

fn reached_points(log: &Path) -> Outcome<Vec<String>> {
    Ok(std::fs::read_to_string(log)?.lines().map(str::to_owned).collect())
}

/// Goes a way until the point is reached, opens the shop again, and looks at what is left.
async fn cut(house: &dyn Launcher, point: &str, flow: Flow) -> Outcome {
    let opening = Opening::faulty().with("GALLERIA_FAULT_ABORT", point);
    let stage = Stage::open(house, &opening).await?;
    let purchase = flow.prepare(&stage.anyone).await?;
    let _cut_off = flow.go(&stage.anyone, &purchase).await;
    house.ended(Duration::from_secs(20)).await?;
    if thorough() {
        cut_the_recovery(house, &opening).await?;
    }

    let stage = Stage::open(house, &Opening::empty()).await?;
    stage.settled().await?;

    let orders = stage.all(&format!("/api/orders?email={}", purchase.email())).await?;
    assert!(orders.len() <= 1, "doubled: {orders:?}");
    let order = flow.repeat(&stage.anyone, &purchase).await?;
    let orders_now = stage.all(&format!("/api/orders?email={}", purchase.email())).await?;
    assert_eq!(orders_now.len(), 1, "{orders_now:?}");
    if let (Some(before), Some(id)) = (orders.first(), order.get("id")) {
        assert_eq!(&before["id"], id);
    }
    assert_eq!(orders_now[0]["status"], flow.status());
    let confirmed = stage.all("/api/orders?status=confirmed").await?.len();
    assert_eq!(usize::try_from(stage.stock("MUG").await?.reserved)?, confirmed);
    stage.adds_up().await?;
    house.kill().await
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

impl Flow {
    async fn prepare(self, buyer: &Client) -> Outcome<Purchase> {
        let token = match self {
            Self::Bought | Self::OutOfStock | Self::Cancelled => "tok_ok",
            Self::LostAnswer => "tok_lost_answer",
            Self::Failing => "tok_error",
            Self::Declined => "tok_declined",
        };
        let quantity = if self == Self::OutOfStock { MUG.stock + 1 } else { 1 };
        Purchase::of(buyer, &[("MUG", quantity)], token).await
    }

    async fn go(self, buyer: &Client, purchase: &Purchase) -> Outcome {
        let answer = purchase.through(buyer).await?;
        if self == Self::Cancelled {
            cancel(buyer, &answer.json()).await?;
        }
        Ok(())
    }

    /// What the buyer does who was cut off: the same again.
    async fn repeat(self, buyer: &Client, purchase: &Purchase) -> Outcome<Value> {
        let answer = purchase.through(buyer).await?;
        let answer = match self {
            Self::Declined => answer.expect_problem(402, "payment-declined")?,
            Self::OutOfStock => answer.expect_problem(409, "out-of-stock")?,
            _ => answer.expect_status(201)?,
        };
        if self == Self::Cancelled {
            cancel(buyer, &answer.json()).await?;
        }
        Ok(answer.json())
    }

    fn status(self) -> &'static str {
        match self {
            Self::Bought | Self::LostAnswer | Self::Failing => "confirmed",
            Self::Declined | Self::OutOfStock => "rejected",
            Self::Cancelled => "cancelled",
        }
    }
}

async fn cancel(buyer: &Client, order: &Value) -> Outcome {
    let guest = buyer.showing(text(order, "/access_token")?);
    let cancel = format!("/api/orders/{}/cancel", text(order, "/id")?);
    guest.post(cancel, &json!({})).await?.expect_status(200)?;
    Ok(())
}
