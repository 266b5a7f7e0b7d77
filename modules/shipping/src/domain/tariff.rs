use kernel::{Country, Money};
use shipping_contract::{ListMethods, ShippingMethod, TariffMethod, TariffPrice};

use crate::settings::{MethodSettings, PriceSettings};

/// The heaviest parcel that any method takes anywhere.
pub(crate) fn heaviest(methods: &[MethodSettings]) -> u64 {
    methods
        .iter()
        .filter_map(|method| method.prices.last())
        .map(|price| price.up_to_grams)
        .max()
        .unwrap_or_default()
}

/// The methods that take a parcel to a country and have a price in the currency asked for.
pub(crate) fn offered(methods: &[MethodSettings], request: &ListMethods) -> Vec<ShippingMethod> {
    methods
        .iter()
        .filter(|method| serves(method, methods, request.country))
        .filter_map(|method| {
            Some(ShippingMethod {
                code: method.code.clone(),
                title: method.title.clone(),
                price: price(method, request)?,
                days: method.days,
            })
        })
        .collect()
}

/// A method with all that others must know to tell its price by themselves.
pub(crate) fn told(method: &MethodSettings, methods: &[MethodSettings]) -> TariffMethod {
    let price = |price: &PriceSettings| TariffPrice {
        up_to_grams: price.up_to_grams,
        amounts: price.amounts.clone(),
    };
    let same_code = methods.iter().filter(|other| other.code == method.code);
    TariffMethod {
        code: method.code.clone(),
        title: method.title.clone(),
        days: method.days,
        everywhere_but: method.countries.is_everywhere(),
        countries: if method.countries.is_everywhere() {
            same_code.flat_map(|other| other.countries.named()).collect()
        } else {
            method.countries.named()
        },
        prices: method.prices.iter().map(price).collect(),
    }
}

/// Whether a method is the one of its code for a country: the one that names it, else the one for everywhere.
fn serves(method: &MethodSettings, methods: &[MethodSettings], country: Country) -> bool {
    let named = |other: &MethodSettings| other.countries.names(country);
    let elsewhere = || methods.iter().any(|other| other.code == method.code && named(other));
    named(method) || (method.countries.is_everywhere() && !elsewhere())
}

fn price(method: &MethodSettings, request: &ListMethods) -> Option<Money> {
    let bracket = method.prices.iter().find(|price| request.weight_grams <= price.up_to_grams)?;
    let amount = bracket.amounts.get(&request.currency)?;
    Some(Money::new(*amount, request.currency))
}
