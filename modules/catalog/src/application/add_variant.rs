use catalog_contract::{AddVariant, EditRefusal, Product};
use kernel::{Call, CallError};

use super::edit;
use crate::CatalogModule;
use crate::domain::edits;

/// Adds a variant.
pub(crate) async fn add_variant(
    module: &CatalogModule,
    call: &Call,
    request: AddVariant,
) -> Result<Product, CallError<EditRefusal>> {
    let uow = edit::begin(module, call).await?;

    let mut product = edit::current(&uow, request.product, None).await?;
    edit::check_skus(&uow, std::slice::from_ref(&request.variant.sku)).await?;
    edits::add_variant(&mut product, request.variant, "")?;

    edit::finish(module, uow, product).await
}
