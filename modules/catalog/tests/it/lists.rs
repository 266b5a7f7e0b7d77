use catalog_contract::{
    ArchiveProduct, Catalog as _, CreateCategory, CreateProduct, ListProducts, ProductRefusal,
    ProductSort, UpdateVariant,
};
use kernel::{CallError, Money, PageRequest};
use testkit::on_each_engine;

use crate::shop::{Shop, call, eur, list, product, variant};

const SORTS: [ProductSort; 4] = [
    ProductSort::Relevance,
    ProductSort::Newest,
    ProductSort::PriceAscending,
    ProductSort::PriceDescending,
];

#[tokio::test]
async fn a_word_in_the_title_counts_more_than_one_in_the_description() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let with = |slug: &str, title: &str, tag: &str, description: &str| CreateProduct {
            title: title.to_owned().try_into().unwrap(),
            tags: vec![tag.to_owned().try_into().unwrap()],
            description: description.into(),
            ..product(slug, 100)
        };
        for request in [
            with("told", "Tray", "wood", "<p>Goes well with a mug &amp; a pot</p>"),
            with("tagged", "Coaster", "mug", ""),
            with("begun", "Mugshot frame", "wood", ""),
            with("titled", "Stoneware Mug", "clay", "For tea"),
            with("other", "Crème pot", "Straße", "no"),
        ] {
            shop.catalog.create_product(&call(), request).await.unwrap();
        }

        assert_eq!(shop.search("mug").await, ["titled", "begun", "tagged", "told"]);
        assert_eq!(shop.search("MÜG stone").await, ["titled"]);
        assert_eq!(shop.search("mug pot").await, ["told"]);
        assert_eq!(shop.search("creme").await, ["other"]);
        assert_eq!(shop.search("strass").await, ["other"]);
        assert_eq!(shop.search("ug").await, Vec::<String>::new());
        assert_eq!(shop.search("amp").await, Vec::<String>::new());
        assert_eq!(shop.search("%").await.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn every_list_is_read_to_its_end_while_products_are_made() {
    on_each_engine("catalog", async |database| {
        for sort in SORTS {
            let shop = Shop::on(&database);
            let name = |n: i64| format!("{sort:?}-mug-{n}").to_lowercase();
            for n in 0..10 {
                shop.make(&name(n), 100 * (n % 4)).await;
            }
            let words = format!("{sort:?}").to_lowercase();
            let request = ListProducts { query: Some(words), ..list(sort) };

            let mut read = Vec::new();
            let mut page = request.page.clone();
            for n in 100.. {
                let request = ListProducts { page: page.clone(), ..request.clone() };
                let listed = shop.catalog.products(&call(), request).await.unwrap();
                read.extend(listed.items.into_iter().map(|product| product.slug));
                let Some(next) = listed.next else { break };
                page.cursor = Some(next);
                shop.make(&name(n), 100 * (n % 4)).await;
            }

            let mut old: Vec<&String> =
                read.iter().filter(|slug| slug.len() < name(99).len()).collect();
            old.sort();
            assert_eq!(old, (0..10).map(name).collect::<Vec<_>>().iter().collect::<Vec<_>>());
            let mut once = read.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), read.len(), "{read:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn equal_prices_keep_an_order_and_products_without_a_price_come_last() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        for (slug, amount) in [("a", 500), ("b", 300), ("c", 500), ("d", 300), ("e", 300)] {
            shop.make(slug, amount).await;
        }
        let dollars = |amount| Money::new(amount, "USD".parse().unwrap());
        for (sku, amount) in [("b", 1), ("d", 2)] {
            let request = UpdateVariant {
                sku: sku.parse().unwrap(),
                title: None,
                prices: vec![dollars(amount)],
                compare_at_prices: None,
                weight_grams: None,
                expected_version: None,
            };
            shop.catalog.update_variant(&call(), request).await.unwrap();
        }
        let in_dollars = |sort| ListProducts { currency: "USD".parse().ok(), ..list(sort) };

        assert_eq!(shop.slugs(list(ProductSort::PriceAscending)).await, ["b", "d", "e", "a", "c"]);
        assert_eq!(shop.slugs(list(ProductSort::PriceDescending)).await, ["c", "a", "e", "d", "b"]);
        assert_eq!(shop.slugs(list(ProductSort::Newest)).await, ["e", "d", "c", "b", "a"]);
        let ascending = shop.slugs(in_dollars(ProductSort::PriceAscending)).await;
        assert_eq!(ascending, ["b", "d", "a", "c", "e"]);
        let descending = shop.slugs(in_dollars(ProductSort::PriceDescending)).await;
        assert_eq!(descending, ["d", "b", "e", "c", "a"]);
        let request = ListProducts { min_price: Some(0), ..in_dollars(ProductSort::Newest) };
        assert_eq!(shop.slugs(request).await, ["d", "b"]);
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_list_shows_the_cheapest_price_of_each_product() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let variants =
            vec![variant("m", "M", 900), variant("s", "S", 700), variant("l", "L", 1100)];
        let request = CreateProduct { variants, ..product("shirt", 0) };
        shop.catalog.create_product(&call(), request).await.unwrap();
        shop.make("mug", 800).await;

        let page = shop.catalog.products(&call(), list(ProductSort::PriceAscending)).await.unwrap();
        let between = |least, most| ListProducts {
            min_price: Some(least),
            max_price: Some(most),
            ..list(ProductSort::Relevance)
        };

        let prices: Vec<_> = page.items.iter().map(|item| item.price_from).collect();
        assert_eq!(prices, [Some(eur(700)), Some(eur(800))]);
        assert_eq!(shop.slugs(between(701, 800)).await, ["mug"]);
        assert_eq!(shop.slugs(between(700, 799)).await, ["shirt"]);
        assert_eq!(shop.slugs(between(801, 700)).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_category_has_the_products_of_those_below_it() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        for (slug, parent) in [("kitchen", None), ("mugs", Some("kitchen")), ("bath", None)] {
            let title = slug.to_owned().try_into().unwrap();
            let request =
                CreateCategory { title, slug: None, parent: parent.map(ToOwned::to_owned) };
            shop.catalog.create_category(&call(), request).await.unwrap();
        }
        for (slug, category) in [("knife", "kitchen"), ("cup", "mugs"), ("soap", "bath")] {
            let request = CreateProduct { category: Some(category.into()), ..product(slug, 100) };
            shop.catalog.create_product(&call(), request).await.unwrap();
        }
        let of =
            |category: &str, sort| ListProducts { category: Some(category.into()), ..list(sort) };

        for sort in SORTS {
            let mut slugs = shop.slugs(of("kitchen", sort)).await;
            slugs.sort();
            assert_eq!(slugs, ["cup", "knife"]);
            assert_eq!(shop.slugs(of("mugs", sort)).await, ["cup"]);
        }
        let unknown = shop.catalog.products(&call(), of("garden", ProductSort::Newest)).await;
        assert!(matches!(unknown, Err(CallError::Refused(ProductRefusal::UnknownCategory))));
    })
    .await;
}

#[tokio::test]
async fn an_archived_product_is_in_no_list_and_has_no_offer_but_keeps_its_page() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let mug = shop.make("mug", 100).await;
        shop.make("pot", 100).await;

        for _ in 0..2 {
            let request = ArchiveProduct { product: mug.id };
            shop.catalog.archive_product(&call(), request).await.unwrap();
        }

        for sort in SORTS {
            assert_eq!(shop.slugs(list(sort)).await, ["pot"]);
        }
        assert_eq!(shop.search("mug").await, Vec::<String>::new());
        let skus = ["mug", "pot", "unknown"].map(|sku| sku.parse().unwrap()).into();
        let request = catalog_contract::Offers { skus, currency: None, not_on_sale_too: false };
        let all = catalog_contract::Offers { not_on_sale_too: true, ..request.clone() };
        for (request, expected) in [(request, &["pot"][..]), (all, &["mug", "pot"][..])] {
            let offers = shop.catalog.offers(&call(), request).await.unwrap();
            let mut told: Vec<_> = offers.iter().map(|offer| offer.sku.as_str()).collect();
            told.sort_unstable();
            assert_eq!(told, expected);
        }
        let page = shop.get("mug").await;
        assert_eq!((page.archived, page.version), (true, 2));
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        for slug in ["a", "b"] {
            shop.make(slug, 100).await;
        }
        let page = |cursor: Option<String>| PageRequest { limit: 1, cursor };
        let newest = ListProducts { page: page(None), ..list(ProductSort::Newest) };
        let cursor = shop.catalog.products(&call(), newest).await.unwrap().next;

        for cursor in [cursor, Some("x".into())] {
            let request = ListProducts { page: page(cursor), ..list(ProductSort::PriceAscending) };
            let refused = shop.catalog.products(&call(), request).await;
            assert!(
                matches!(refused, Err(CallError::Refused(ProductRefusal::UnknownCursor))),
                "{refused:?}"
            );
        }
    })
    .await;
}
