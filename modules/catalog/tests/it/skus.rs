use catalog_contract::ImportReport;
use testkit::on_each_engine;

use crate::shop::Shop;

const HEADER: &str = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n";

async fn import(shop: &Shop, lines: &str) -> ImportReport {
    shop.import(&format!("{HEADER}{lines}")).await
}

async fn skus(shop: &Shop, slug: &str) -> Vec<String> {
    shop.get(slug).await.variants.into_iter().map(|variant| variant.sku.into()).collect()
}

fn problems(report: &ImportReport) -> Vec<(u64, &str)> {
    report.errors.iter().map(|problem| (problem.line, problem.column.as_str())).collect()
}

#[tokio::test]
async fn a_sku_that_was_given_to_handle_and_options_is_kept() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        import(&shop, "mug,Mug,Size,Small,,5\n").await;
        import(&shop, "mug,Mug,Size,Large,,5\nmug,,,Small,,5\n").await;
        assert_eq!(skus(&shop, "mug").await, ["mug", "mug-large"]);
        import(&shop, "tee,Tee,Size,S,T-1,5\ntee,,,M,,5\n").await;

        let report = import(&shop, "tee,Tee,Size,S,,6\n").await;

        assert_eq!(report.variants, 1);
        assert_eq!(skus(&shop, "tee").await, ["T-1", "tee-m"]);
    })
    .await;
}

#[tokio::test]
async fn a_sku_that_is_long_or_taken_ends_in_a_hash_and_is_the_same_in_every_shop() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let long = "x".repeat(64);
        import(&shop, "a,A,Title,Default Title,b-s,5\n").await;

        let file =
            format!("b,B,Size,S,,5\nb,,,M,,5\nb,,,m!,,5\n{long},L,Size,S,,5\n{long},,,M,,5\n");
        let report = import(&shop, &file).await;

        assert_eq!(problems(&report), []);
        let (b, x) = (skus(&shop, "b").await, skus(&shop, &long).await);
        assert_eq!(b, ["b-s-01e3768c", "b-m", "b-m-23a1ed31"]);
        assert!(x.iter().all(|sku| sku.len() == 64 && sku.starts_with(&long[..55])), "{x:?}");
        assert_eq!(import(&shop, &file).await, ImportReport::default());
    })
    .await;
}

#[tokio::test]
async fn a_sku_that_a_later_line_names_is_not_made_for_an_earlier_one() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);

        let report = import(&shop, "mug,Mug,,,,5\npot,Pot,,,mug,5\n").await;

        assert_eq!(problems(&report), []);
        assert_eq!(skus(&shop, "pot").await, ["mug"]);
        assert!(skus(&shop, "mug").await[0].starts_with("mug-"));
    })
    .await;
}

#[tokio::test]
async fn a_line_can_not_take_a_sku_from_another_variant() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        import(&shop, "mug,Mug,Size,S,M-S,5\nmug,,,L,M-L,5\n").await;

        let report = import(
            &shop,
            "pot,Pot,Size,S,M-S,5\n\
             pot,,,L,P-L,5\n\
             mug,Mug,Size,S,M-L,9\n\
             mug,,,L,NEW,9\n\
             mug,,,XL,M-L,7\n",
        )
        .await;

        let sku = "Variant SKU";
        assert_eq!(problems(&report), [(2, sku), (4, sku), (5, sku)]);
        assert_eq!((report.skipped, report.products, report.variants), (3, 2, 2));
        let mug = shop.get("mug").await;
        let titles: Vec<_> = mug.variants.iter().map(|variant| variant.title.as_str()).collect();
        assert_eq!(titles, ["S", "XL"]);
        assert_eq!(skus(&shop, "pot").await, ["P-L"]);
        shop.is_sound().await;
    })
    .await;
}
