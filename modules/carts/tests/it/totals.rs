use std::future::Future;

use carts_contract::Cart;
use kernel::CartId;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestRunner};
use testkit::TestDatabase;

use crate::stage::{Stage, guest};

/// Runs a property on each engine, all its cases on one database.
fn on_each_engine<T: std::fmt::Debug, F: Future<Output = TestCaseResult>>(
    cases: &impl Strategy<Value = T>,
    property: impl Fn(Stage, T) -> F,
) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sqlite = Some(runtime.block_on(TestDatabase::sqlite("carts")));
    let postgres = runtime.block_on(TestDatabase::postgres("carts"));
    for database in [sqlite, postgres].into_iter().flatten() {
        let stage = runtime.block_on(async { Stage::new(database.database.clone()) });
        TestRunner::new(ProptestConfig::with_cases(40))
            .run(cases, |case| runtime.block_on(property(stage.clone(), case)))
            .unwrap();
    }
}

/// Puts lines of these prices and quantities, and takes some off sale again.
async fn filled(stage: &Stage, wishes: &[(i64, u32, bool)]) -> Cart {
    let cart = stage.new_cart(&guest()).await;
    for (place, (price, quantity, _)) in wishes.iter().enumerate() {
        let sku = format!("sku-{place}");
        stage.catalog.sell(&sku, &[("EUR", *price)]);
        stage.put(&guest(), cart, (&sku, *quantity)).await.unwrap();
    }
    for (place, _) in wishes.iter().enumerate().filter(|(_, (_, _, sold))| !sold) {
        stage.catalog.stop_selling(&format!("sku-{place}"));
    }
    stage.cart(&guest(), cart).await.unwrap()
}

#[test]
fn the_subtotal_is_the_sum_of_what_is_sold() {
    let line = (0..=1_000_000_000_000_i64, 1..=999_u32, any::<bool>());

    on_each_engine(&prop::collection::vec(line, 0..6), async |stage, wishes| {
        let cart = filled(&stage, &wishes).await;

        let expected: Vec<Option<i128>> = wishes
            .iter()
            .map(|(price, quantity, sold)| sold.then(|| i128::from(*price) * i128::from(*quantity)))
            .collect();
        let total = |line: &carts_contract::CartLine| Some(i128::from(line.line_total?.amount()));
        let totals: Vec<Option<i128>> = cart.lines.iter().map(total).collect();
        prop_assert_eq!(&totals, &expected);
        let sum: i128 = expected.iter().flatten().sum();
        prop_assert_eq!(i128::from(cart.subtotal.amount()), sum);
        Ok(())
    });
}

/// What a list that is kept in memory would hold.
fn model(kept: &mut Vec<(usize, u32)>, (sku, quantity): (usize, u32)) {
    let place = kept.iter().position(|(other, _)| *other == sku);
    match (place, quantity) {
        (Some(place), 0) => drop(kept.remove(place)),
        (Some(place), _) => kept[place].1 = quantity,
        (None, 0) => {}
        (None, _) => kept.push((sku, quantity)),
    }
}

async fn put(stage: &Stage, cart: CartId, (sku, quantity): (usize, u32)) -> Cart {
    stage.put(&guest(), cart, (&format!("sku-{sku}"), quantity)).await.unwrap()
}

#[test]
fn every_answer_is_what_is_kept() {
    on_each_engine(&prop::collection::vec((0..4_usize, 0..4_u32), 1..12), async |stage, puts| {
        let (cart, mut kept) = (stage.new_cart(&guest()).await, Vec::new());
        for sku in 0..4 {
            stage.catalog.sell(&format!("sku-{sku}"), &[("EUR", 7)]);
        }

        for change in puts {
            let answer = put(&stage, cart, change).await;
            model(&mut kept, change);

            let expected: Vec<_> =
                kept.iter().map(|(sku, quantity)| (format!("sku-{sku}"), *quantity)).collect();
            let answered: Vec<_> = answer
                .lines
                .iter()
                .map(|line| (line.sku.to_string(), line.quantity.get()))
                .collect();
            prop_assert_eq!(answered, expected);
            prop_assert_eq!(answer, stage.cart(&guest(), cart).await.unwrap());
        }
        Ok(())
    });
}
