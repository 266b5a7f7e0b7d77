use shipping_contract::{ListMethods, ShippingMethod, ShippingRefusal, Tariff};

use crate::ShippingModule;
use crate::domain::tariff::{self, heaviest, offered};

/// The methods that take such a parcel to a country, cheapest first; equally cheap ones in the order of the settings.
pub(crate) fn methods(
    module: &ShippingModule,
    request: &ListMethods,
) -> Result<Vec<ShippingMethod>, ShippingRefusal> {
    let settings = &module.settings.methods;
    if request.weight_grams > heaviest(settings) {
        return Err(ShippingRefusal::TooHeavy);
    }
    let mut methods = offered(settings, request);
    methods.sort_by_key(|method| method.price.amount());
    Ok(methods)
}

/// All methods with all their prices.
pub(crate) fn tariff(module: &ShippingModule) -> Tariff {
    let settings = &module.settings.methods;
    Tariff { methods: settings.iter().map(|method| tariff::told(method, settings)).collect() }
}
