use std::path::{Path, PathBuf};

use catalog::{is_empty, seed_demo};
use catalog_contract::{Catalog as _, ImportReport, ListCategories, Offers, ProductSort};
use kernel::PageRequest;
use testkit::on_each_engine;

use crate::shop::{Shop, call, list};

#[tokio::test]
async fn the_demo_fills_an_empty_shop_once() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        assert!(is_empty(&database).await.unwrap());

        let report = seed_demo(&*shop.catalog, &call()).await.unwrap();
        let again = seed_demo(&*shop.catalog, &call()).await.unwrap();

        assert_eq!((report.skipped, report.errors, report.products), (0, Vec::new(), 32));
        assert_eq!(report.stock, report.variants, "every variant has stock");
        assert_eq!(again, ImportReport::default());
        assert!(!is_empty(&database).await.unwrap());
        let tree = shop.catalog.categories(&call(), ListCategories {}).await.unwrap();
        assert_eq!(tree.len(), 5);
        assert!(tree.iter().all(|category| category.count >= 5), "{tree:?}");
        let skus = ["stoneware-mug-sand", "linen-tea-towel"].map(|sku| sku.parse().unwrap()).into();
        let offers = shop
            .catalog
            .offers(&call(), Offers { skus, currency: None, not_on_sale_too: false })
            .await
            .unwrap();
        assert!(offers.len() == 2 && offers.iter().all(|offer| offer.price.is_some()));
        shop.is_sound().await;
    })
    .await;
}

/// The real files that lie beside the checkout, where they do.
fn real_files() -> Vec<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.map(|folder| folder.join("shared/data")).find(|folder| folder.is_dir());
    let Some(folder) = found else {
        eprintln!("skipped: there is no ../shared/data beside the checkout");
        return Vec::new();
    };
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "csv")).collect()
}

#[tokio::test]
async fn real_files_go_in_whole_and_change_nothing_the_second_time() {
    on_each_engine("catalog", async |database| {
        for file in real_files() {
            let shop = Shop::on(&database);
            let text = std::fs::read_to_string(&file).unwrap();

            let report = shop.import(&text).await;
            let again = shop.import(&text).await;

            assert_eq!((report.skipped, &report.errors), (0, &Vec::new()), "{}", file.display());
            assert!(report.products >= 19 && report.variants > report.products);
            assert_eq!(report.stock, report.variants);
            assert_eq!(again, ImportReport::default());
            let page = PageRequest { limit: 100, cursor: None };
            let listed = catalog_contract::ListProducts { page, ..list(ProductSort::Newest) };
            assert!(shop.slugs(listed).await.len() as u64 >= report.products);
            shop.is_sound().await;
        }
    })
    .await;
}
