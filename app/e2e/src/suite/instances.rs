//! Several processes of one module, which come and go.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::{join, join_all};

use crate::{
    Client, Launcher as _, Opening, Outcome, PATIENCE, Purchase, Split, Stage, Ware, eventually,
};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 100_000 };
const BUYERS: usize = 4;
/// How many are bought from one coming or going to the next.
const BETWEEN: usize = 8;

/// More processes of a module come, then all but one go, the first of them too, while buyers buy. Nothing else is started
/// again, every purchase is answered with its order, and none is lost or doubled.
pub async fn they_come_and_go_while_the_shop_sells(house: &Split, module: &str) -> Outcome {
    let places = house.places_of(module);
    let (first, others) = places.split_first().ok_or("nobody runs the module")?;
    let opening = Opening::one_of_several();
    house.start_at(*first, &opening).await?;
    house.start_at(0, &opening).await?;
    let stage = Stage::enter(house).await?;
    stage.sell(&[MUG]).await?;
    let (over, bought) = (AtomicBool::new(false), AtomicUsize::new(0));
    let buyers = join_all((0..BUYERS).map(|_| buy(&stage.anyone, &over, &bought)));
    let (last, going) = places.split_last().ok_or("nobody runs the module")?;
    let staffing = async {
        let done: Outcome = async {
            for place in others {
                some_more(&over, &bought).await?;
                house.start_at(*place, &opening).await?;
            }
            for place in going {
                some_more(&over, &bought).await?;
                house.stop_at(*place).await?;
            }
            some_more(&over, &bought).await
        }
        .await;
        over.store(true, Ordering::Relaxed);
        done
    };
    let (orders, staffed) = join(buyers, staffing).await;

    let orders: usize = orders.into_iter().sum::<Outcome<usize>>()?;
    staffed.map_err(|error| format!("after {orders} orders, the last place is {last}: {error}"))?;
    assert_eq!(stage.all("/api/orders?status=confirmed").await?.len(), orders);
    assert_eq!(usize::try_from(stage.stock("MUG").await?.reserved)?, orders);
    stage.adds_up().await?;
    house.stop().await.map(drop)
}

/// Buys until it is over; a purchase without an order in its answer is a failure. Gives how many there were.
async fn buy(buyer: &Client, over: &AtomicBool, bought: &AtomicUsize) -> Outcome<usize> {
    let mut orders = 0;
    let all: Outcome = async {
        while !over.load(Ordering::Relaxed) {
            let purchase = Purchase::of(buyer, &[("MUG", 1)], "tok_ok").await?;
            purchase.send(buyer).await?.expect_status(201)?;
            bought.fetch_add(1, Ordering::Relaxed);
            orders += 1;
        }
        Ok(())
    }
    .await;
    if all.is_err() {
        over.store(true, Ordering::Relaxed);
    }
    all.map(|()| orders)
}

/// Waits until some more were bought.
async fn some_more(over: &AtomicBool, bought: &AtomicUsize) -> Outcome {
    let enough = bought.load(Ordering::Relaxed) + BETWEEN;
    eventually(PATIENCE, "buyers buy", async || {
        let done = bought.load(Ordering::Relaxed) >= enough || over.load(Ordering::Relaxed);
        Ok(done.then_some(()))
    })
    .await
}
