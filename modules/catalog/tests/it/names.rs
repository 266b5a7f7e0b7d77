use std::sync::Arc;

use catalog_contract::{Catalog as _, CreateProduct, EditRefusal, UpdateProduct};
use kernel::{CallError, Currency};
use testkit::on_each_engine;

use crate::editing::nothing;
use crate::shop::{Shop, call, eur, product, variant};

#[tokio::test]
async fn one_sku_or_slug_wanted_by_many_at_once_goes_to_one() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);

        let edits = (0..8).map(|_| {
            let catalog = Arc::clone(&shop.catalog);
            tokio::spawn(async move { catalog.create_product(&call(), product("mug", 1)).await })
        });
        let mut won = 0;
        for edit in edits.collect::<Vec<_>>() {
            match edit.await.unwrap() {
                Ok(_) => won += 1,
                Err(CallError::Refused(EditRefusal::SlugTaken { slug })) => assert_eq!(slug, "mug"),
                Err(other) => panic!("{other:?}"),
            }
        }

        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn a_slug_is_made_of_the_title_and_an_old_one_still_leads_to_the_product() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let mut slugs = Vec::new();
        for sku in ["1", "2", "3"] {
            let title = "Crème Brûlée!".to_owned().try_into().unwrap();
            let variants = vec![variant(sku, "", 100)];
            let request = CreateProduct { title, slug: None, variants, ..product("x", 1) };
            slugs.push(shop.catalog.create_product(&call(), request).await.unwrap().slug);
        }
        assert_eq!(slugs, ["creme-brulee", "creme-brulee-2", "creme-brulee-3"]);
        let first = shop.get("creme-brulee").await.id;
        let to = |slug: &str| UpdateProduct { slug: Some(slug.into()), ..nothing(first) };

        let taken = shop.catalog.update_product(&call(), to("creme-brulee-2")).await;
        shop.catalog.update_product(&call(), to("dessert")).await.unwrap();

        assert!(matches!(taken, Err(CallError::Refused(EditRefusal::SlugTaken { .. }))));
        assert_eq!(shop.get("creme-brulee").await.slug, "dessert");
        assert_eq!(shop.get(&first.to_string()).await.slug, "dessert");
        let next = shop.make("creme-brulee", 1).await;
        assert_eq!(shop.get("creme-brulee").await.id, next.id);
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn an_offer_is_named_after_product_and_variant() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        shop.make("pot", 100).await;
        let variants = vec![variant("shirt-s", "S", 100), variant("shirt-m", "M", 200)];
        let request = CreateProduct { variants, ..product("shirt", 0) };
        shop.catalog.create_product(&call(), request).await.unwrap();
        let skus = ["shirt-m", "pot"].map(|sku| sku.parse().unwrap()).into();

        let request = catalog_contract::Offers {
            skus,
            currency: Some(Currency::EUR),
            not_on_sale_too: false,
        };
        let mut offers = shop.catalog.offers(&call(), request).await.unwrap();

        offers.sort_by(|one, other| one.sku.cmp(&other.sku));
        let told: Vec<_> = offers.iter().map(|offer| (offer.title.as_str(), offer.price)).collect();
        assert_eq!(told, [("pot", Some(eur(100))), ("shirt – M", Some(eur(200)))]);
    })
    .await;
}
