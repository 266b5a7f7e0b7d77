use shipping_contract::{ListMethods, ShippingMethod, ShippingRefusal};

use crate::ShippingModule;
use crate::domain::tariff::{heaviest, offered};

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
