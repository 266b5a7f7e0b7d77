//! Power cuts at any time, under load.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::{join, join_all};

use crate::{Client, Launcher, Outcome, PATIENCE, Purchase, Stage, Ware, eventually};

const WARES: [Ware<'_>; 2] = [
    Ware { sku: "MUG", price: 1_999, stock: 100_000 },
    Ware { sku: "RARE", price: 9_900, stock: 3 },
];
const BUYERS: usize = 8;
const TOKENS: [&str; 6] =
    ["tok_ok", "tok_ok", "tok_ok", "tok_declined", "tok_lost_answer", "tok_error"];

/// Killed at random moments again and again, the shop loses and doubles nothing that it was asked for.
///
/// `GALLERIA_KILLS` says how often; 10 unless it is set.
pub async fn random_kills_lose_and_double_nothing(house: &dyn Launcher) -> Outcome {
    let kills = std::env::var("GALLERIA_KILLS").ok().and_then(|kills| kills.parse().ok());
    survives(house, kills.unwrap_or(10)).await
}

/// The same, three times.
pub async fn a_few_kills_lose_and_double_nothing(house: &dyn Launcher) -> Outcome {
    survives(house, 3).await
}

async fn survives(house: &dyn Launcher, kills: usize) -> Outcome {
    let stage = Stage::empty(house).await?;
    nothing_is_lost(&stage, async |bought| kill(house, kills, bought).await).await
}

/// Buys without a pause while there is trouble, each purchase until it has an outcome. In the end each made one order, with
/// the outcome that was told, and all adds up.
pub(super) async fn nothing_is_lost(
    stage: &Stage<'_>,
    trouble: impl AsyncFnOnce(&AtomicUsize) -> Outcome,
) -> Outcome {
    stage.sell(&WARES).await?;
    let (over, bought) = (AtomicBool::new(false), AtomicUsize::new(0));
    let buyers = (0..BUYERS).map(|_| shop(&stage.anyone, &over, &bought));
    let troubled = async {
        let survived = trouble(&bought).await;
        over.store(true, Ordering::Relaxed);
        survived
    };

    let (purchases, survived) = join(join_all(buyers), troubled).await;

    survived?;
    stage.settled().await?;
    let (mut confirmed, mut rare) = (0, 0);
    for purchase in purchases.into_iter().collect::<Outcome<Vec<_>>>()?.into_iter().flatten() {
        let (purchase, status) = purchase;
        let orders = stage.all(&format!("/api/orders?email={}", purchase.email())).await?;
        assert_eq!(orders.len(), 1, "{purchase:?} made {orders:?}");
        let expected = if status == 201 { "confirmed" } else { "rejected" };
        assert_eq!(orders[0]["status"], expected, "{purchase:?} was told {status}");
        if status == 201 {
            confirmed += 1;
            rare += usize::from(orders[0]["lines"].as_array().map_or(0, Vec::len) == 2);
        }
    }
    assert_eq!(stage.all("/api/orders?status=confirmed").await?.len(), confirmed);
    assert_eq!(usize::try_from(stage.stock("MUG").await?.reserved)?, confirmed);
    assert_eq!(usize::try_from(stage.stock("RARE").await?.reserved)?, rare);
    stage.adds_up().await
}

/// Buys until it is over, each purchase until it has an outcome; gives the outcomes.
async fn shop(
    buyer: &Client,
    over: &AtomicBool,
    bought: &AtomicUsize,
) -> Outcome<Vec<(Purchase, u16)>> {
    let mut purchases = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let dice = roll();
        let token = TOKENS[usize::try_from(dice % 6)?];
        let all = [("MUG", 1), ("RARE", 1)];
        let lines = if dice & 64 == 0 { &all[..1] } else { &all[..] };
        let filled = eventually(PATIENCE, "a cart is filled", async || {
            Ok(Some(Purchase::of(buyer, lines, token).await?))
        });
        let purchase = filled.await?;
        let answer = purchase.whatever_happens(buyer).await?;
        assert!(matches!(answer.status, 201 | 402 | 409), "{answer}");
        bought.fetch_add(1, Ordering::Relaxed);
        purchases.push((purchase, answer.status));
    }
    Ok(purchases)
}

/// Kills and opens again: each time some purchases and some milliseconds after the last.
async fn kill(house: &dyn Launcher, kills: usize, bought: &AtomicUsize) -> Outcome {
    for number in 0..kills {
        let killed = async {
            sells_on(bought, usize::try_from(roll() % 12)?).await?;
            let moment = Duration::from_micros(roll() % 20_000);
            let _elapsed = tokio::time::timeout(moment, std::future::pending::<()>()).await;
            house.restart().await
        };
        killed.await.map_err(|error| format!("at kill {number}: {error}"))?;
    }
    Ok(())
}

/// Waits until so many more purchases have an outcome.
pub(super) async fn sells_on(bought: &AtomicUsize, more: usize) -> Outcome {
    let enough = bought.load(Ordering::Relaxed) + more;
    eventually(PATIENCE, "purchases go on", async || {
        Ok((bought.load(Ordering::Relaxed) >= enough).then_some(()))
    })
    .await
}

fn roll() -> u64 {
    RandomState::new().build_hasher().finish()
}
