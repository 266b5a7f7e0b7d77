use catalog_contract::*;
use kernel::{CallError, Money};
use testkit::on_each_engine;

use crate::shop::{Shop, call, eur, product, variant};

fn with(change: impl FnOnce(&mut CreateProduct)) -> CreateProduct {
    let mut request = product("mug", 100);
    change(&mut request);
    request
}

fn of(change: impl FnOnce(&mut NewVariant)) -> CreateProduct {
    with(|new| change(&mut new.variants[0]))
}

fn image(url: &str) -> Image {
    Image { url: url.into(), alt: None }
}

/// Products that can't be made, each with the field that is wrong.
fn wrong_products() -> Vec<(&'static str, CreateProduct)> {
    let tags = |count: u32| (0..count).map(|n| n.to_string().try_into().unwrap()).collect();
    let many =
        |count: u32| (0..count).map(|n| variant(&n.to_string(), &n.to_string(), 1)).collect();
    vec![
        ("description", with(|new| new.description = "x".repeat(64 * 1024 + 1))),
        ("description", with(|new| new.description = "a\0".into())),
        ("slug", with(|new| new.slug = Some("Not a slug".into()))),
        ("tags", with(|new| new.tags = tags(51))),
        ("images", with(|new| new.images = vec![image("/a"); 51])),
        ("images[0]", with(|new| new.images = vec![image("javascript:x")])),
        ("variants", with(|new| new.variants.clear())),
        ("variants", with(|new| new.variants = many(101))),
    ]
}

/// Products whose variant can't be made, each with the field that is wrong.
fn wrong_variants() -> Vec<(&'static str, CreateProduct)> {
    let dollar = Money::new(1, "USD".parse().unwrap());
    let option = |n: u32| VariantOption { name: n.to_string(), value: "x".into() };
    vec![
        ("variants[0].weight_grams", of(|new| new.weight_grams = 1_000_000_001)),
        ("variants[0].prices", of(|new| new.prices.clear())),
        ("variants[0].prices[0].amount", of(|new| new.prices = vec![eur(-1)])),
        ("variants[0].prices[0].amount", of(|new| new.prices = vec![eur(Money::MAX_INPUT + 1)])),
        ("variants[0].prices[1].currency", of(|new| new.prices = vec![eur(1), eur(2)])),
        ("variants[0].compare_at_prices[0]", of(|new| new.compare_at_prices = vec![dollar])),
        ("variants[0].options", of(|new| new.options = (0..4).map(option).collect())),
    ]
}

#[tokio::test]
async fn what_is_out_of_range_is_refused_with_its_field() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);

        for (expected, request) in wrong_products().into_iter().chain(wrong_variants()) {
            let refused = shop.catalog.create_product(&call(), request).await;
            let Err(CallError::Refused(EditRefusal::Invalid { field, .. })) = refused else {
                panic!("{expected}: {refused:?}")
            };
            assert_eq!(field, expected);
        }
        assert!(catalog::is_empty(&database).await.unwrap());
    })
    .await;
}
