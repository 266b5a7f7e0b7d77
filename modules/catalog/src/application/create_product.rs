use catalog_contract::{CreateProduct, EditRefusal, Product};
use kernel::{Call, CallError, SkuId};

use super::edit;
use crate::CatalogModule;
use crate::domain::edits;
use crate::store::{products, slugs};

/// Makes a product with its variants.
pub(crate) async fn create_product(
    module: &CatalogModule,
    call: &Call,
    mut request: CreateProduct,
) -> Result<Product, CallError<EditRefusal>> {
    let uow = edit::begin(module, call).await?;

    edit::check_category(&uow, request.category.as_deref()).await?;
    let slug = match request.slug.take() {
        Some(slug) => {
            edit::check_slug(&uow, &slug, None).await?;
            slug
        }
        None => slugs::free_slug(&uow, request.title.as_str()).await?,
    };
    let product = edits::created(request, slug, uow.now())?;
    let skus: Vec<SkuId> = product.variants.iter().map(|variant| variant.sku.clone()).collect();
    edit::check_skus(&uow, &skus).await?;
    products::save(&uow, &[&product]).await?;

    uow.commit().await?;
    Ok(product.shown(module.settings.shop_currency))
}
