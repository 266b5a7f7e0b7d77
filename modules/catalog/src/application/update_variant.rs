use catalog_contract::{EditRefusal, Product, UpdateVariant};
use kernel::{Call, CallError};

use super::edit;
use crate::CatalogModule;
use crate::domain::edits;
use crate::store::products;

/// Changes a variant's title, price or weight; its SKU stays.
pub(crate) async fn update_variant(
    module: &CatalogModule,
    call: &Call,
    request: UpdateVariant,
) -> Result<Product, CallError<EditRefusal>> {
    let uow = edit::begin(module, call).await?;

    let owner = products::owners(&uow, std::slice::from_ref(&request.sku)).await?;
    let owner = owner.into_values().next().ok_or(EditRefusal::NotFound)?;
    let mut product = edit::current(&uow, owner, request.expected_version).await?;
    edits::update_variant(&mut product, request)?;

    edit::finish(module, uow, product).await
}
