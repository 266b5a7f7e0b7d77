use carts_contract::Cart;
use proptest::prelude::*;
use testkit::TestDatabase;

use crate::stage::{Stage, guest};

/// Puts lines of these prices and quantities, and takes the last prices back from some.
async fn bought(stage: &Stage, wishes: &[(i64, u32, bool)]) -> Cart {
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn the_subtotal_is_the_sum_of_what_is_sold(
        wishes in prop::collection::vec((0..=1_000_000_000_000_i64, 1..=999_u32, any::<bool>()), 0..6)
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let cart = runtime.block_on(async {
            let database = TestDatabase::sqlite("carts").await;
            bought(&Stage::new(database.database.clone()), &wishes).await
        });

        let line = |(price, quantity, sold): &(i64, u32, bool)| {
            sold.then(|| i128::from(*price) * i128::from(*quantity))
        };
        let expected: Vec<Option<i128>> = wishes.iter().map(line).collect();
        let totals: Vec<Option<i128>> = cart
            .lines
            .iter()
            .map(|line| line.line_total.map(|total| i128::from(total.amount())))
            .collect();
        prop_assert_eq!(&totals, &expected);
        prop_assert_eq!(i128::from(cart.subtotal.amount()), expected.iter().flatten().sum::<i128>());
    }
}
