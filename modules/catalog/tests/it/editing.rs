use std::sync::Arc;

use catalog_contract::{
    AddVariant, ArchiveProduct, Catalog as _, CreateProduct, EditRefusal, GetProduct,
    ProductChanged, ProductRefusal, UpdateProduct, UpdateVariant,
};
use kernel::{CallError, Money, ProductId};
use platform::Sql as _;
use testkit::on_each_engine;

use crate::shop::{Shop, buyer, call, eur, product, variant};

/// An edit that changes nothing.
pub(crate) fn nothing(product: ProductId) -> UpdateProduct {
    UpdateProduct {
        product,
        title: None,
        slug: None,
        description: None,
        category: None,
        vendor: None,
        tags: None,
        images: None,
        expected_version: None,
    }
}

pub(crate) fn priced(sku: &str, prices: Vec<Money>) -> UpdateVariant {
    UpdateVariant {
        sku: sku.parse().unwrap(),
        title: None,
        prices,
        compare_at_prices: None,
        weight_grams: None,
        expected_version: None,
    }
}

#[tokio::test]
async fn an_edit_of_a_version_that_is_past_is_refused_and_one_of_two_at_once_wins() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let mug = shop.make("mug", 100).await;

        let edits = (0..8).map(|n| {
            let catalog = Arc::clone(&shop.catalog);
            let title = Some(format!("Mug {n}").try_into().unwrap());
            let request = UpdateProduct { title, expected_version: Some(1), ..nothing(mug.id) };
            tokio::spawn(async move { catalog.update_product(&call(), request).await })
        });
        let mut won = Vec::new();
        for edit in edits.collect::<Vec<_>>() {
            match edit.await.unwrap() {
                Ok(product) => won.push(product),
                Err(CallError::Refused(EditRefusal::PreconditionFailed)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }

        assert_eq!(won.len(), 1);
        assert_eq!(shop.get("mug").await, won[0]);
        assert_eq!(won[0].version, 2);
    })
    .await;
}

#[tokio::test]
async fn edits_at_once_that_expect_nothing_all_count() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let mug = shop.make("mug", 100).await;

        let edits = (0..10).map(|n| {
            let catalog = Arc::clone(&shop.catalog);
            let size = format!("Size {n}");
            let variant = variant(&format!("mug-{n}"), &size, 100);
            let request = AddVariant { product: mug.id, variant };
            tokio::spawn(async move { catalog.add_variant(&call(), request).await })
        });
        for edit in edits.collect::<Vec<_>>() {
            edit.await.unwrap().unwrap();
        }

        let mug = shop.get("mug").await;
        assert_eq!((mug.variants.len(), mug.version), (11, 11));
    })
    .await;
}

#[tokio::test]
async fn a_sku_is_never_used_again() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let (mug, pot) = (shop.make("mug", 100).await, shop.make("pot", 100).await);
        shop.catalog.archive_product(&call(), ArchiveProduct { product: mug.id }).await.unwrap();

        let variants = vec![variant("mug", "", 1)];
        let made = CreateProduct { variants, ..product("another", 1) };
        let made = shop.catalog.create_product(&call(), made).await;
        let added = AddVariant { product: pot.id, variant: variant("mug", "S", 1) };
        let added = shop.catalog.add_variant(&call(), added).await;
        let twice = vec![variant("a", "S", 1), variant("a", "M", 1)];
        let twice = CreateProduct { variants: twice, ..product("twice", 1) };
        let twice = shop.catalog.create_product(&call(), twice).await;

        assert!(matches!(made, Err(CallError::Refused(EditRefusal::SkuTaken { .. }))));
        assert!(matches!(added, Err(CallError::Refused(EditRefusal::SkuTaken { .. }))));
        let Err(CallError::Refused(EditRefusal::Invalid { field, .. })) = twice else {
            panic!("{twice:?}")
        };
        assert_eq!(field, "variants[1].sku");
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn only_staff_change_the_catalogue() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let mug = shop.make("mug", 100).await;
        let catalog = &shop.catalog;
        let archive = ArchiveProduct { product: mug.id };
        let add = AddVariant { product: mug.id, variant: variant("s", "S", 1) };

        let answers = [
            catalog.create_product(&buyer(), product("pot", 1)).await.err(),
            catalog.update_product(&buyer(), nothing(mug.id)).await.err(),
            catalog.archive_product(&buyer(), archive).await.err(),
            catalog.add_variant(&buyer(), add).await.err(),
            catalog.update_variant(&buyer(), priced("mug", vec![eur(1)])).await.err(),
        ];

        for answer in answers {
            assert!(
                matches!(answer, Some(CallError::Refused(EditRefusal::Forbidden))),
                "{answer:?}"
            );
        }
        assert_eq!(shop.get("mug").await, mug);
    })
    .await;
}

#[tokio::test]
async fn a_variant_keeps_what_an_edit_does_not_name() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        shop.make("mug", 100).await;
        let dollars = Money::new(300, "USD".parse().unwrap());
        let edit = |change: fn(&mut UpdateVariant)| {
            let mut request = priced("mug", Vec::new());
            change(&mut request);
            request
        };

        shop.catalog.update_variant(&call(), priced("mug", vec![dollars])).await.unwrap();
        let compared = edit(|new| new.compare_at_prices = Some(vec![eur(200)]));
        let compared = shop.catalog.update_variant(&call(), compared).await.unwrap();
        let forgot = edit(|new| {
            new.compare_at_prices = Some(Vec::new());
            new.weight_grams = Some(250);
        });
        let forgot = shop.catalog.update_variant(&call(), forgot).await.unwrap();
        let unknown = shop.catalog.update_variant(&call(), priced("pot", Vec::new())).await;

        assert_eq!(compared.variants[0].compare_at_price, Some(eur(200)));
        assert_eq!(forgot.variants[0].compare_at_price, None);
        assert_eq!(
            (forgot.variants[0].price, forgot.variants[0].weight_grams),
            (Some(eur(100)), 250)
        );
        let request = GetProduct { product: "mug".into(), currency: "USD".parse().ok() };
        let page = shop.catalog.product(&call(), request).await.unwrap();
        assert_eq!(page.variants[0].price, Some(dollars));
        assert!(matches!(unknown, Err(CallError::Refused(EditRefusal::NotFound))));
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn every_change_is_told_once_and_in_order() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let mug = shop.make("mug", 100).await;
        let title = Some("Cup".to_owned().try_into().unwrap());
        let request = UpdateProduct { title, ..nothing(mug.id) };
        shop.catalog.update_product(&call(), request).await.unwrap();
        for _ in 0..2 {
            let archive = ArchiveProduct { product: mug.id };
            shop.catalog.archive_product(&call(), archive).await.unwrap();
        }
        let stale = UpdateProduct { expected_version: Some(1), ..nothing(mug.id) };
        shop.catalog.update_product(&call(), stale).await.unwrap_err();

        let select = "SELECT data FROM outbox WHERE name = 'catalog.product-changed.v1' AND key = $1 ORDER BY sequence";
        let rows = database.query(select, platform::params![mug.id]).await.unwrap();

        let event = |title: &str, archived| ProductChanged {
            product_id: mug.id,
            slug: "mug".into(),
            title: title.into(),
            archived,
        };
        let told: Vec<ProductChanged> = rows
            .iter()
            .map(|row| row.try_get_by_index::<String>(0).unwrap())
            .map(|text| serde_json::from_str(&text).unwrap())
            .collect();
        assert_eq!(told, [event("mug", false), event("Cup", false), event("Cup", true)]);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let id = ProductId::generate();

        for product in [id.to_string(), "mug".into(), String::new()] {
            let request = GetProduct { product, currency: None };
            let answer = shop.catalog.product(&call(), request).await;
            assert!(matches!(answer, Err(CallError::Refused(ProductRefusal::NotFound))));
        }
        let edit = shop.catalog.update_product(&call(), nothing(id)).await;
        assert!(matches!(edit, Err(CallError::Refused(EditRefusal::NotFound))));
        let category = Some("unknown".to_owned());
        let request = CreateProduct { category, ..product("mug", 1) };
        let made = shop.catalog.create_product(&call(), request).await;
        assert!(matches!(made, Err(CallError::Refused(EditRefusal::UnknownCategory))));
    })
    .await;
}
