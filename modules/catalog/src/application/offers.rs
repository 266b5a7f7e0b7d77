use catalog_contract::{Offer, Offers, ProductRefusal};
use kernel::CallError;

use crate::CatalogModule;
use crate::store;

/// What the SKUs are and cost, in one statement.
pub(crate) async fn offers(
    module: &CatalogModule,
    request: Offers,
) -> Result<Vec<Offer>, CallError<ProductRefusal>> {
    let currency = request.currency.unwrap_or(module.settings.shop_currency);
    Ok(store::offers::offers(&module.database, &request, currency).await?)
}
