//! What `shipping` promises.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Country, Currency};
use shipping_contract::{GetTariff, ListMethods, Shipping, ShippingRefusal, Tariff};

use crate::fresh::{guest, staff, stranger};
use crate::outcomes::refused;
use crate::suite::suite;

/// The contract alone, of a shop that sends parcels within Germany for euros, and none for Icelandic crowns.
type Stage = Arc<dyn Shipping>;

suite! { dyn Shipping, Stage {
    methods_are_told_cheapest_first_in_the_currency_asked_for,
    everybody_is_told_the_same,
    where_nothing_goes_there_is_no_method,
    a_parcel_beyond_any_is_refused,
    who_keeps_the_tariff_tells_the_same,
} out of reach: [] }

fn parcel(weight_grams: u64) -> ListMethods {
    let country: Country = "DE".parse().unwrap();
    ListMethods { country, weight_grams, currency: Currency::EUR }
}

async fn methods_are_told_cheapest_first_in_the_currency_asked_for(shipping: Stage) {
    let methods = shipping.methods(&guest(), parcel(500)).await.unwrap();

    assert!(!methods.is_empty());
    assert!(methods.is_sorted_by_key(|method| method.price.amount()));
    assert!(methods.iter().all(|method| method.price.currency() == Currency::EUR));
    let codes: BTreeSet<&str> = methods.iter().map(|method| method.code.as_str()).collect();
    assert_eq!(codes.len(), methods.len());
}

async fn everybody_is_told_the_same(shipping: Stage) {
    let told = shipping.methods(&guest(), parcel(5_000)).await.unwrap();

    for call in [stranger(), staff()] {
        assert_eq!(shipping.methods(&call, parcel(5_000)).await.unwrap(), told);
    }
}

async fn where_nothing_goes_there_is_no_method(shipping: Stage) {
    let unpriced = ListMethods { currency: "ISK".parse().unwrap(), ..parcel(500) };

    assert_eq!(shipping.methods(&guest(), unpriced).await.unwrap(), []);
}

async fn who_keeps_the_tariff_tells_the_same(shipping: Stage) {
    let kept = shipping.tariff(&guest(), GetTariff {}).await.unwrap();

    let parcels = ["DE", "FR", "JP"].into_iter().flat_map(|country| {
        let country: Country = country.parse().unwrap();
        [0, 500, 2_000, 2_001, 40_000].map(|grams| ListMethods { country, ..parcel(grams) })
    });
    for parcel in parcels {
        let methods = shipping.methods(&guest(), parcel.clone()).await.unwrap();
        let told: BTreeSet<(String, i64)> =
            methods.into_iter().map(|method| (method.code, method.price.amount())).collect();
        assert_eq!(by_tariff(&kept, &parcel), told, "{parcel:?}");
    }
}

/// Codes and amounts, as who keeps a tariff reads it.
fn by_tariff(tariff: &Tariff, parcel: &ListMethods) -> BTreeSet<(String, i64)> {
    let going = tariff
        .methods
        .iter()
        .filter(|method| method.countries.contains(&parcel.country) != method.everywhere_but);
    going
        .filter_map(|method| {
            let price = method.prices.iter().find(|it| parcel.weight_grams <= it.up_to_grams)?;
            Some((method.code.clone(), *price.amounts.get(&parcel.currency)?))
        })
        .collect()
}

async fn a_parcel_beyond_any_is_refused(shipping: Stage) {
    let refusal = refused(shipping.methods(&guest(), parcel(u64::MAX)).await);

    assert_eq!(refusal, ShippingRefusal::TooHeavy);
}
