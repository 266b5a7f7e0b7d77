use catalog_contract::{CategoryRefusal, CategoryTree};
use kernel::CallError;

use crate::CatalogModule;
use crate::domain::tree::grown;
use crate::store::categories::counted;

/// All categories as a tree, with the number of products in each and below it.
pub(crate) async fn categories(
    module: &CatalogModule,
) -> Result<Vec<CategoryTree>, CallError<CategoryRefusal>> {
    Ok(grown(counted(&module.database).await?))
}
