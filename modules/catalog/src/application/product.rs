use catalog_contract::{GetProduct, Product, ProductRefusal};
use kernel::CallError;

use crate::CatalogModule;
use crate::store::page::page;

/// One product by id or slug, archived ones too.
pub(crate) async fn product(
    module: &CatalogModule,
    request: GetProduct,
) -> Result<Product, CallError<ProductRefusal>> {
    let currency = request.currency.unwrap_or(module.settings.shop_currency);
    let product = page(&module.database, &request.product, currency).await?;
    product.ok_or(CallError::Refused(ProductRefusal::NotFound))
}
