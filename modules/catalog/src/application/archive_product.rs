use catalog_contract::{ArchiveProduct, EditRefusal};
use kernel::{Call, CallError};

use super::edit;
use crate::CatalogModule;
use crate::domain::product::Standing;

/// Takes a product off sale. A repeat changes nothing.
pub(crate) async fn archive_product(
    module: &CatalogModule,
    call: &Call,
    request: ArchiveProduct,
) -> Result<(), CallError<EditRefusal>> {
    let uow = edit::begin(module, call).await?;

    let mut product = edit::current(&uow, request.product, None).await?;
    if product.standing == Standing::Archived {
        uow.commit().await?; // what archived it may still wait for the same commit
        return Ok(());
    }
    product.standing = Standing::Archived;

    edit::finish(module, uow, product).await.map(|_| ())
}
