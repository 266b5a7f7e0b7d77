use kernel::{Country, Money};
use shipping_contract::{ListMethods, ShippingMethod};

use crate::settings::MethodSettings;

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
