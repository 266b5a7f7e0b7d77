use catalog_contract::{Catalog as _, ProductSort};
use kernel::Currency;
use testkit::on_each_engine;

use crate::shop::{Shop, call, eur, list};

#[tokio::test]
async fn prices_are_of_the_shops_currency_and_others_stay() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let file = |price: &str| format!("Handle,Title,Variant Price\nmug,Mug,{price}\n");
        shop.import(&file("5.00")).await;
        let dollars = kernel::Money::new(700, "USD".parse::<Currency>().unwrap());
        let request = catalog_contract::UpdateVariant {
            sku: "mug".parse().unwrap(),
            title: None,
            prices: vec![dollars],
            compare_at_prices: None,
            weight_grams: None,
            expected_version: None,
        };
        shop.catalog.update_variant(&call(), request).await.unwrap();

        let report = shop.import(&file("6.00")).await;

        assert_eq!((report.products, report.variants), (1, 1));
        assert_eq!(shop.get("mug").await.variants[0].price, Some(eur(600)));
        let request = catalog_contract::GetProduct {
            product: "mug".into(),
            currency: Some(dollars.currency()),
        };
        let page = shop.catalog.product(&call(), request).await.unwrap();
        assert_eq!(page.variants[0].price, Some(dollars));
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_published_is_there_and_not_listed_until_it_is() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let file = |published: &str, status: &str| {
            format!("Handle,Title,Variant Price,Published,Status\nmug,Mug,5,{published},{status}\n")
        };
        let listed = async || shop.slugs(list(ProductSort::Newest)).await.len();

        for (published, status, is_listed) in [
            ("false", "", 0),
            ("true", "active", 1),
            ("TRUE", "draft", 0),
            ("", "", 0),
            ("true", "", 1),
        ] {
            shop.import(&file(published, status)).await;
            assert_eq!(listed().await, is_listed, "{published} {status}");
            assert_eq!(shop.get("mug").await.archived, is_listed == 0);
        }
        let product = shop.get("mug").await.id;
        let archive = catalog_contract::ArchiveProduct { product };
        shop.catalog.archive_product(&call(), archive).await.unwrap();
        shop.import(&file("true", "active")).await;

        assert_eq!(listed().await, 0, "an import put back what staff took off sale");
        shop.is_sound().await;
    })
    .await;
}
