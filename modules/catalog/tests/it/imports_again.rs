use std::sync::Arc;
use std::sync::atomic::Ordering;

use catalog_contract::{Catalog as _, ImportReport, UpdateProduct};
use kernel::CallError;
use platform::{Sql as _, params};
use testkit::on_each_engine;

use crate::shop::{Shop, call, part};

const FILE: &str = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant Inventory Qty,Tags,Type,Image Src\n\
                    mug,Mug,Colour,Sand,5,10,\"clay, new\",Kitchen,https://example.com/1.jpg\n\
                    mug,,,Blue,6,20,,,\n\
                    pot,Pot,Title,Default Title,7,30,,,\n";

#[tokio::test]
async fn a_second_import_changes_nothing_even_after_sales() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let first = shop.import(FILE).await;
        shop.inventory.sell("mug-sand");
        let before = (shop.get("mug").await, shop.get("pot").await);

        let second = shop.import(FILE).await;

        let wanted = ImportReport { products: 2, variants: 3, stock: 3, ..ImportReport::default() };
        assert_eq!(first, wanted);
        assert_eq!(second, ImportReport::default());
        assert_eq!((shop.get("mug").await, shop.get("pot").await), before);
        assert_eq!(shop.inventory.of("mug-sand"), Some(9));
        let events = "SELECT COUNT(*) FROM outbox";
        assert_eq!(database.number(events, params![]).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn only_what_differs_is_changed() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        shop.import(FILE).await;

        let report = shop.import(&FILE.replace("Blue,6,20", "Blue,6.50,25")).await;

        let wanted = ImportReport { products: 1, variants: 1, ..ImportReport::default() };
        assert_eq!(report, wanted);
        assert_eq!((shop.get("mug").await.version, shop.get("pot").await.version), (2, 1));
        assert_eq!(shop.inventory.of("mug-blue"), Some(20));
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn stock_that_was_lost_with_its_import_is_set_by_the_next() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        shop.inventory.is_down.store(true, Ordering::SeqCst);
        let failed = shop.catalog.import(&call(), part(FILE)).await;
        assert!(matches!(failed, Err(CallError::Failed(_))), "{failed:?}");
        assert_eq!(shop.get("mug").await.variants.len(), 2);

        shop.inventory.is_down.store(false, Ordering::SeqCst);
        let healed = shop.import(FILE).await;
        let again = shop.import(FILE).await;

        assert_eq!(healed, ImportReport { stock: 3, ..ImportReport::default() });
        assert_eq!(again, ImportReport::default());
        assert_eq!(shop.inventory.of("pot"), Some(30));
    })
    .await;
}

#[tokio::test]
async fn only_what_an_import_made_gets_stock_from_imports() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        shop.make("pot", 100).await;

        let report = shop.import(FILE).await;

        assert_eq!((report.products, report.variants, report.stock), (2, 3, 2));
        assert_eq!(shop.inventory.of("pot"), None);
    })
    .await;
}

#[tokio::test]
async fn a_product_that_got_another_slug_is_still_known_by_its_handle() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        shop.import(FILE).await;
        let mug = shop.get("mug").await;
        let request = UpdateProduct {
            product: mug.id,
            title: None,
            slug: Some("cup".into()),
            description: None,
            category: None,
            vendor: None,
            tags: None,
            images: None,
            expected_version: None,
        };
        shop.catalog.update_product(&call(), request).await.unwrap();

        let again = shop.import(FILE).await;

        assert_eq!(again, ImportReport::default());
        assert_eq!((shop.get("mug").await.id, shop.get("mug").await.slug), (mug.id, "cup".into()));
    })
    .await;
}

#[tokio::test]
async fn the_same_file_taken_in_many_times_at_once_makes_each_product_once() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);

        let imports = (0..6).map(|_| {
            let catalog = Arc::clone(&shop.catalog);
            tokio::spawn(async move { catalog.import(&call(), part(FILE)).await })
        });
        let mut sum = (0, 0, 0);
        for import in imports.collect::<Vec<_>>() {
            let report = import.await.unwrap().unwrap();
            sum = (sum.0 + report.products, sum.1 + report.variants, sum.2 + report.stock);
        }

        assert_eq!(sum, (2, 3, 3));
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_part_of_many_products_goes_in_whole() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let file = |name: &str, products: usize| {
            (0..products).fold("Handle,Title,Variant Price\n".to_owned(), |file, n| {
                file + &format!("{name}-{n},Mug {n},5\n")
            })
        };

        let report = shop.import(&file("many", 500)).await;

        assert_eq!((report.products, report.variants), (500, 500));
        assert_eq!(shop.import(&file("many", 500)).await, ImportReport::default());
        assert_eq!(shop.search("mug 499").await, ["many-499"]);
    })
    .await;
}
