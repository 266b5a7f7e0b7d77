use catalog_contract::{Catalog as _, ImportPart, ImportRefusal, ImportReport, ProductSort};
use kernel::CallError;
use testkit::on_each_engine;

use crate::shop::{Shop, buyer, call, eur, list, part};

/// A product of several lines, and one of a single line.
const SHIRT_AND_MUG: &str = "\u{feff}Title,Handle,Variant Price,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,\
    Variant Inventory Qty,Variant Compare At Price,Body (HTML),Vendor,Type,Tags,Image Src,Image Alt Text,Published\r\n\
    Shirt,shirt,19.99,Size,S,Colour,Red,,200,3,25,\"<p>Soft,\r\n\"\"warm\"\"</p>\",Weaver,Home Textiles,\"new, soft, new\",https://example.com/1.jpg,One,TRUE\r\n\
    ,shirt,21,,M,,Red,SHIRT-M,210.0,0,,,,,,https://example.com/2.jpg,,\r\n\
    ,shirt,,,,,,,,,,,,,,https://example.com/3.jpg,,\r\n\
    Mug,mug,5,Title,Default Title,,,,,,0,,,,,,,\r\n";

/// One good line among those that have something wrong.
const BAD_LINES: &str = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Grams,Variant Inventory Qty,Image Src\n\
    a,A,Size,S,,-1,,,\n\
    a,,,M,,1e3,,,\n\
    a,,,L,,\"1,50\",,,\n\
    a,,,XL,,99999999999999999999,,,\n\
    a,,,XXL,,,,,\n\
    a,,,3XL,,1,-5,,\n\
    a,,,4XL,,1,99999999999,,\n\
    a,,,5XL,,1,,-1,\n\
    a,,,6XL,,1,,1.5,\n\
    a,,,7XL,,1,,4000000000,\n\
    a,,,8XL, \u{7}x,1,,,\n\
    a,,,,,,,,javascript:x\n\
    a,,,,,,,,\n\
    a,,,One,,1,,,\n\
    a,,,One,,2,,,\n";

fn problems(report: &ImportReport) -> Vec<(u64, &str)> {
    report.errors.iter().map(|problem| (problem.line, problem.column.as_str())).collect()
}

#[tokio::test]
async fn lines_of_a_handle_are_variants_or_further_images() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);

        let report = shop.import(SHIRT_AND_MUG).await;

        let wanted = ImportReport { products: 2, variants: 3, stock: 2, ..ImportReport::default() };
        assert_eq!(report, wanted);
        let shirt = shop.get("shirt").await;
        assert_eq!((shirt.title.as_str(), shirt.vendor.as_deref()), ("Shirt", Some("Weaver")));
        assert_eq!(shirt.description, "<p>Soft,\r\n\"warm\"</p>");
        assert_eq!((shirt.category.as_deref(), shirt.archived), (Some("home-textiles"), false));
        assert_eq!(shirt.tags, ["new", "soft"]);
        let images: Vec<_> = shirt.images.iter().map(|image| image.url.as_str()).collect();
        assert_eq!(images, [1, 2, 3].map(|n| format!("https://example.com/{n}.jpg")));
        assert_eq!(shirt.images[0].alt.as_deref(), Some("One"));
        let variants: Vec<_> = shirt
            .variants
            .iter()
            .map(|variant| (variant.sku.as_str(), variant.title.as_str(), variant.weight_grams))
            .collect();
        assert_eq!(variants, [("shirt-s-red", "S / Red", 200), ("SHIRT-M", "M / Red", 210)]);
        assert_eq!(shirt.variants[0].compare_at_price, Some(eur(2500)));
        let mug = shop.get("mug").await;
        assert_eq!((mug.variants[0].sku.as_str(), mug.variants[0].price), ("mug", Some(eur(500))));
        assert_eq!((mug.variants[0].options.len(), mug.variants[0].compare_at_price), (0, None));
        assert_eq!(
            ["shirt-s-red", "SHIRT-M", "mug"].map(|sku| shop.inventory.of(sku)),
            [Some(3), Some(0), None]
        );
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_bad_line_is_told_with_line_and_column_and_the_rest_goes_in() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);

        let report = shop.import(BAD_LINES).await;

        let price = "Variant Price";
        assert_eq!(
            problems(&report),
            [
                (2, price),
                (3, price),
                (4, price),
                (5, price),
                (6, price),
                (7, "Variant Grams"),
                (8, "Variant Grams"),
                (9, "Variant Inventory Qty"),
                (10, "Variant Inventory Qty"),
                (11, "Variant Inventory Qty"),
                (12, "Variant SKU"),
                (13, "Image Src"),
                (14, price),
                (16, "Option1 Value"),
            ]
        );
        assert_eq!((report.skipped, report.products, report.variants), (14, 1, 1));
        assert_eq!(shop.get("a").await.variants[0].title, "One");
    })
    .await;
}

#[tokio::test]
async fn a_bad_first_line_leaves_out_its_product_alone() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);

        let report = shop
            .import(
                "Handle,Title,Option1 Name,Option1 Value,Variant Price,Status,Tags\n\
                 no-title,,Size,S,1,,\n\
                 no-title,,,M,1,,\n\
                 Bad Handle,Bad,Size,S,1,,\n\
                 odd,Odd,Size,S,1,sold,\n\
                 no-variant,None,Size,S,x,,\n\
                 good,Good,Size,S,1,,\n\
                 ,Nobody's,Size,S,1,,\n\
                 good,,,M,1,,\n",
            )
            .await;

        assert_eq!(
            problems(&report),
            [(2, "Title"), (4, "Handle"), (5, "Status"), (6, "Variant Price"), (8, "Handle"),]
        );
        assert_eq!((report.skipped, report.products, report.variants), (6, 1, 2));
        assert_eq!(shop.slugs(list(ProductSort::Newest)).await, ["good"]);
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn lines_are_those_of_the_file() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let header = "Handle,Title,Variant Price".to_owned();
        let records = "a,\"two\n\nlines\",x\r\n\r\nb,B,x\nc,\"never closed,1\nd,D,1\n".to_owned();

        let report = shop
            .catalog
            .import(&call(), ImportPart { header, records, first_line: 100 })
            .await
            .unwrap();

        assert_eq!(problems(&report), [(100, "Title"), (104, "Variant Price"), (105, "Handle")]);
    })
    .await;
}

#[tokio::test]
async fn a_type_is_a_category_that_is_made_once() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let file = "Handle,Title,Variant Price,Type\na,A,1,Küche & Bad\nb,B,1,kuche bad\nc,C,1,\n";

        shop.import(file).await;
        shop.import(&file.replace(",1,", ",2,")).await;

        let tree = shop.catalog.categories(&call(), catalog_contract::ListCategories {}).await;
        let tree: Vec<_> = tree.unwrap().into_iter().map(|top| (top.slug, top.count)).collect();
        assert_eq!(tree, [("kuche-bad".to_owned(), 2)]);
        assert_eq!(shop.get("c").await.category, None);
    })
    .await;
}

#[tokio::test]
async fn a_part_that_is_too_large_or_of_another_file_is_refused() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let large = format!("Handle,Title,Variant Price\n{}", "x".repeat(1024 * 1024));

        let large = shop.catalog.import(&call(), part(&large)).await;
        let other = shop.catalog.import(&call(), part("Name,Price\na,1\n")).await;
        let forbidden = shop.catalog.import(&buyer(), part("Handle,Title,Price\n")).await;

        assert!(matches!(large, Err(CallError::Refused(ImportRefusal::PartTooLarge { .. }))));
        let Err(CallError::Refused(ImportRefusal::MissingColumn { column })) = other else {
            panic!("{other:?}")
        };
        assert_eq!(column, "Handle");
        assert!(matches!(forbidden, Err(CallError::Refused(ImportRefusal::Forbidden))));
    })
    .await;
}

#[tokio::test]
async fn a_product_has_at_most_a_hundred_variants() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let lines: String =
            (0..102).fold(String::new(), |lines, n| lines + &format!("a,A,Size,{n},1\n"));

        let report = shop
            .import(&format!("Handle,Title,Option1 Name,Option1 Value,Variant Price\n{lines}"))
            .await;

        assert_eq!(problems(&report), [(102, "Handle"), (103, "Handle")]);
        assert_eq!((report.variants, shop.get("a").await.variants.len()), (100, 100));
    })
    .await;
}
