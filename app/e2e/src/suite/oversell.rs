//! More buyers than there is to sell.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use futures_util::future::try_join_all;
use futures_util::stream;

use crate::{
    Client, Launcher, Opening, Outcome, Purchase, Stage, Stock, Ware, cart_of, fresh, order_body,
    shipping_method,
};

/// Two hundred at once want ten: ten have one, the others are told so, and nothing is held for them.
pub async fn two_hundred_buyers_get_ten_units(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[Ware { sku: "LAST", price: 4_950, stock: 10 }]).await?;

    let outcomes = rush(std::slice::from_ref(&stage.anyone), 200, |_| vec![("LAST", 1)]).await?;

    let told = BTreeMap::from([("201".to_owned(), 10), ("409 out-of-stock".to_owned(), 190)]);
    assert_eq!(outcomes, told);
    let all_promised = Stock { on_hand: 10, reserved: 10, available: 0 };
    assert_eq!(stage.stock("LAST").await?, all_promised);
    assert_eq!(stage.all("/api/orders?status=confirmed").await?.len(), 10);
    assert_eq!(stage.all("/api/orders?status=rejected").await?.len(), 190);
    stage.adds_up().await
}

/// Buyers of the same things in another order do not wait for each other for ever.
pub async fn skus_in_mixed_order_never_deadlock(house: &dyn Launcher) -> Outcome {
    let ware = |sku| Ware { sku, price: 700, stock: 30 };
    let stage = Stage::selling(house, &[ware("A"), ware("B"), ware("C"), ware("D")]).await?;

    let outcomes = rush(std::slice::from_ref(&stage.anyone), 60, |buyer| {
        let mut lines = vec![("A", 1), ("B", 1), ("C", 1), ("D", 1)];
        lines.rotate_left(buyer % 4);
        if buyer % 8 > 3 {
            lines.reverse();
        }
        lines
    })
    .await?;

    let told = BTreeMap::from([("201".to_owned(), 30), ("409 out-of-stock".to_owned(), 30)]);
    assert_eq!(outcomes, told);
    for sku in ["A", "B", "C", "D"] {
        let all_promised = Stock { on_hand: 30, reserved: 30, available: 0 };
        assert_eq!(stage.stock(sku).await?, all_promised);
    }
    stage.adds_up().await
}

/// Three instances side by side sell no more than one does, and hand on each other's events.
pub async fn three_instances_share_one_stock(house: &dyn Launcher) -> Outcome {
    let stage = Stage::open(house, &Opening::one_of_several()).await?;
    stage.sell(&[Ware { sku: "LAST", price: 4_950, stock: 10 }]).await?;
    let (second, third) = (house.beside(), house.beside());
    second.start(&Opening::one_of_several()).await?;
    third.start(&Opening::one_of_several()).await?;
    let doors = [house, &*second, &*third].map(|house| Client::of(house.public()));

    let outcomes = rush(&doors, 90, |_| vec![("LAST", 1)]).await?;

    let told = BTreeMap::from([("201".to_owned(), 10), ("409 out-of-stock".to_owned(), 80)]);
    assert_eq!(outcomes, told);
    second.kill().await?;
    third.stop().await?;
    stage.adds_up().await
}

/// Fills all carts, then sends all orders at once, and counts the answers.
async fn rush(
    doors: &[Client],
    buyers: usize,
    lines: impl Fn(usize) -> Vec<(&'static str, u32)>,
) -> Outcome<BTreeMap<String, usize>> {
    let door = |buyer: usize| &doors[buyer % doors.len()];
    let probe = cart_of(door(0), &lines(0)).await?;
    let method = shipping_method(door(0), &probe).await?;
    let carts = (0..buyers).map(|buyer| cart_of_owned(door(buyer), lines(buyer)));
    let carts: Vec<Outcome<String>> = stream::iter(carts).buffered(8).collect().await;
    let mut purchases = Vec::new();
    for cart in carts {
        let cart = cart?;
        let body = order_body(&cart, &method, "tok_ok");
        purchases.push(Purchase { key: fresh("key"), cart, body });
    }
    let orders = purchases.iter().enumerate();
    let answers = orders.map(|(buyer, purchase)| purchase.through(door(buyer)));
    let mut outcomes = BTreeMap::new();
    for answer in try_join_all(answers).await? {
        let outcome = format!("{} {}", answer.status, answer.code());
        *outcomes.entry(outcome.trim_end().to_owned()).or_default() += 1;
    }
    Ok(outcomes)
}

async fn cart_of_owned(buyer: &Client, lines: Vec<(&'static str, u32)>) -> Outcome<String> {
    cart_of(buyer, &lines).await
}
