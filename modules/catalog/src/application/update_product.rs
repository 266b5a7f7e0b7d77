use catalog_contract::{EditRefusal, Product, UpdateProduct};
use kernel::{Call, CallError};

use super::edit;
use crate::CatalogModule;
use crate::domain::edits;

/// Changes what is said of a product.
pub(crate) async fn update_product(
    module: &CatalogModule,
    call: &Call,
    request: UpdateProduct,
) -> Result<Product, CallError<EditRefusal>> {
    let uow = edit::begin(module, call).await?;

    let mut product = edit::current(&uow, request.product, request.expected_version).await?;
    if let Some(Some(category)) = &request.category {
        edit::check_category(&uow, Some(category)).await?;
    }
    if let Some(slug) = &request.slug {
        edit::check_slug(&uow, slug, Some(product.id)).await?;
    }
    edits::update(&mut product, request)?;

    edit::finish(module, uow, product).await
}
