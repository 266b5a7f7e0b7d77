use kernel::Money;
use shipping_contract::{ListMethods, Tariff, TariffMethod};

/// What a method costs for a parcel, by a tariff that was kept; none where it does not take it.
pub(crate) fn price(tariff: &Tariff, code: &str, parcel: &ListMethods) -> Option<Money> {
    let goes = |method: &&TariffMethod| {
        method.code == code && method.countries.contains(&parcel.country) != method.everywhere_but
    };
    let method = tariff.methods.iter().find(goes)?;
    let bracket = method.prices.iter().find(|price| parcel.weight_grams <= price.up_to_grams)?;
    let amount = bracket.amounts.get(&parcel.currency)?;
    Some(Money::new(*amount, parcel.currency))
}
