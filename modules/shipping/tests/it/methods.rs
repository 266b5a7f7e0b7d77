use std::time::Duration;

use kernel::{Call, CallError, Principal};
use proptest::prelude::*;
use serde_json::{Value, json};
use shipping::{MODULE, ShippingModule, ShippingSettings};
use shipping_contract::{ListMethods, Shipping, ShippingMethod, ShippingRefusal};

async fn ask(
    settings: &ShippingSettings,
    (country, weight_grams, currency): (&str, u64, &str),
) -> Result<Vec<ShippingMethod>, CallError<ShippingRefusal>> {
    let guest = Principal::Guest { proof: None };
    let call = Call::new(MODULE, guest, Duration::from_secs(5));
    let (country, currency) = (country.parse().unwrap(), currency.parse().unwrap());
    let request = ListMethods { country, weight_grams, currency };
    ShippingModule::new(settings.clone()).methods(&call, request).await
}

/// Codes and amounts.
async fn offered(settings: &ShippingSettings, parcel: (&str, u64, &str)) -> Vec<(String, i64)> {
    let methods = ask(settings, parcel).await.unwrap();
    methods.into_iter().map(|method| (method.code, method.price.amount())).collect()
}

fn settings(methods: &Value) -> ShippingSettings {
    let settings: ShippingSettings = serde_json::from_value(json!({"methods": methods})).unwrap();
    settings.validate().unwrap();
    settings
}

/// A method with brackets of one currency.
fn method(code: &str, countries: &[&str], euros: &[(u64, i64)]) -> Value {
    let prices: Vec<_> = euros
        .iter()
        .map(|(grams, amount)| json!({"up_to_grams": grams, "amounts": {"EUR": amount}}))
        .collect();
    json!({"code": code, "title": code, "days": 3, "countries": countries, "prices": prices})
}

fn told(methods: &[(&str, i64)]) -> Vec<(String, i64)> {
    methods.iter().map(|(code, amount)| ((*code).to_owned(), *amount)).collect()
}

#[tokio::test]
async fn a_parcel_costs_what_its_weight_s_bracket_says() {
    let settings = settings(&json!([method("post", &["DE"], &[(1_000, 500), (5_000, 900)])]));

    for (grams, amount) in [(0, 500), (1, 500), (1_000, 500), (1_001, 900), (5_000, 900)] {
        let methods = offered(&settings, ("DE", grams, "EUR")).await;
        assert_eq!(methods, told(&[("post", amount)]), "{grams} g");
    }
}

#[tokio::test]
async fn the_cheapest_comes_first_and_equals_stay_as_they_were_written() {
    let settings = settings(&json!([
        method("dear", &["*"], &[(1_000, 900)]),
        method("b", &["DE"], &[(1_000, 500)]),
        method("a", &["*"], &[(1_000, 500)]),
        method("free", &["DE"], &[(1_000, 0)]),
    ]));

    let methods = offered(&settings, ("DE", 10, "EUR")).await;

    assert_eq!(methods, told(&[("free", 0), ("b", 500), ("a", 500), ("dear", 900)]));
}

#[tokio::test]
async fn a_country_that_a_method_names_has_its_own_price_whatever_the_order() {
    let home = method("post", &["DE", "AT"], &[(1_000, 500)]);
    let world = method("post", &["*"], &[(1_000, 2_000), (9_000, 8_000)]);

    for methods in [json!([home, world]), json!([world, home])] {
        let settings = settings(&methods);
        assert_eq!(offered(&settings, ("AT", 10, "EUR")).await, told(&[("post", 500)]));
        assert_eq!(offered(&settings, ("JP", 10, "EUR")).await, told(&[("post", 2_000)]));
        assert_eq!(offered(&settings, ("DE", 2_000, "EUR")).await, told(&[]));
    }
}

#[tokio::test]
async fn where_no_method_goes_the_list_is_empty() {
    let settings = settings(&json!([
        method("post", &["DE"], &[(1_000, 500)]),
        method("truck", &["AT"], &[(90_000, 9_900)]),
    ]));

    assert_eq!(offered(&settings, ("FR", 10, "EUR")).await, told(&[]));
    assert_eq!(offered(&settings, ("DE", 5_000, "EUR")).await, told(&[]));
    assert_eq!(offered(&settings, ("DE", 10, "USD")).await, told(&[]));
}

#[tokio::test]
async fn what_no_method_anywhere_takes_is_too_heavy() {
    let settings = settings(&json!([
        method("post", &["DE"], &[(1_000, 500)]),
        method("truck", &["AT"], &[(90_000, 9_900)]),
    ]));

    for grams in [90_001, u64::MAX] {
        let refused = ask(&settings, ("DE", grams, "EUR")).await;
        assert!(
            matches!(refused, Err(CallError::Refused(ShippingRefusal::TooHeavy))),
            "{refused:?}"
        );
    }
    assert_eq!(offered(&settings, ("DE", 90_000, "EUR")).await, told(&[]));
}

#[tokio::test]
async fn a_shop_that_sets_nothing_ships_at_home_and_abroad() {
    let settings = ShippingSettings::default();

    for currency in ["EUR", "USD", "GBP", "JPY"] {
        for country in ["DE", "AT", "CH", "FR", "GR", "NO", "GB", "US", "JP", "AU"] {
            let methods = offered(&settings, (country, 750, currency)).await;
            let codes: Vec<_> = methods.iter().map(|(code, _)| code.as_str()).collect();
            assert_eq!(codes, ["standard", "express"], "{country} in {currency}");
        }
    }
    let home = offered(&settings, ("DE", 750, "EUR")).await;
    assert_eq!(home, told(&[("standard", 490), ("express", 1_290)]));
}

proptest! {
    #[test]
    fn a_heavier_or_farther_parcel_is_never_cheaper(
        lighter in 0..31_500_u64,
        more in 0..31_500_u64,
        country in prop::sample::select(vec!["AT", "FR", "GR", "US", "JP"]),
        currency in prop::sample::select(vec!["EUR", "USD", "GBP", "JPY"]),
    ) {
        let settings = ShippingSettings::default();
        let heavier = (lighter + more).min(31_500);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let standard = |country, grams| {
            let methods = runtime.block_on(offered(&settings, (country, grams, currency)));
            methods.into_iter().find(|(code, _)| code == "standard").unwrap().1
        };

        prop_assert!(standard(country, lighter) <= standard(country, heavier));
        prop_assert!(standard("DE", heavier) <= standard(country, heavier));
    }
}
