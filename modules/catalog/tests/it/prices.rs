use catalog_contract::{Catalog as _, UpdateVariant};
use kernel::Money;
use testkit::on_each_engine;

use crate::editing::priced;
use crate::shop::{Shop, call, eur};

#[tokio::test]
async fn a_price_to_compare_with_in_one_currency_leaves_the_others() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        shop.make("mug", 100).await;
        let dollars = |amount| Money::new(amount, "USD".parse().unwrap());
        let compared = |price| UpdateVariant {
            compare_at_prices: Some(vec![price]),
            ..priced("mug", vec![dollars(300)])
        };

        shop.catalog.update_variant(&call(), compared(eur(200))).await.unwrap();
        let mug = shop.catalog.update_variant(&call(), compared(dollars(400))).await.unwrap();

        assert_eq!(mug.variants[0].compare_at_price, Some(eur(200)));
    })
    .await;
}
