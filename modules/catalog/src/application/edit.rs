use catalog_contract::{EditRefusal, Product};
use kernel::{Call, CallError, ProductId, SkuId};
use platform::{Sql, UnitOfWork};

use crate::CatalogModule;
use crate::domain::product::ShopProduct;
use crate::domain::{edits, slug};
use crate::store::{categories, guard, products, slugs};

/// Opens a unit of work in which nobody else changes the catalogue.
pub(crate) async fn begin(
    module: &CatalogModule,
    call: &Call,
) -> Result<UnitOfWork, CallError<EditRefusal>> {
    if !call.principal.is_staff() {
        return Err(EditRefusal::Forbidden.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?.traced(call.trace);
    guard::enter(&uow).await?;
    Ok(uow)
}

/// The product as it is now, unless it is another version than the caller saw.
pub(crate) async fn current(
    uow: &UnitOfWork,
    id: ProductId,
    expected_version: Option<u64>,
) -> Result<ShopProduct, CallError<EditRefusal>> {
    let product = products::find(uow, id).await?.ok_or(EditRefusal::NotFound)?;
    if expected_version.is_some_and(|expected| expected != product.version) {
        return Err(EditRefusal::PreconditionFailed.into());
    }
    Ok(product)
}

/// Writes a product that was changed as its next version, and answers with it.
pub(crate) async fn finish(
    module: &CatalogModule,
    uow: UnitOfWork,
    mut product: ShopProduct,
) -> Result<Product, CallError<EditRefusal>> {
    product.version += 1;
    product.updated_at = uow.now();
    products::save(&uow, &[&product]).await?;
    uow.commit().await?;
    Ok(product.shown(module.settings.shop_currency))
}

/// Refuses a category that there is not.
pub(crate) async fn check_category(
    sql: &impl Sql,
    category: Option<&str>,
) -> Result<(), CallError<EditRefusal>> {
    match category {
        Some(slug) if categories::known(sql, &[slug]).await?.is_empty() => {
            Err(EditRefusal::UnknownCategory.into())
        }
        _ => Ok(()),
    }
}

/// Refuses what is not a slug, and the slug of another product than `but`.
pub(crate) async fn check_slug(
    sql: &impl Sql,
    slug: &str,
    but: Option<ProductId>,
) -> Result<(), CallError<EditRefusal>> {
    slug::checked(slug).map_err(|problem| edits::invalid("slug", problem.0))?;
    if slugs::is_taken(sql, slug, but).await? {
        return Err(EditRefusal::SlugTaken { slug: slug.to_owned() }.into());
    }
    Ok(())
}

/// Refuses SKUs that a variant of any product has or had.
pub(crate) async fn check_skus(
    sql: &impl Sql,
    skus: &[SkuId],
) -> Result<(), CallError<EditRefusal>> {
    let taken = products::owners(sql, skus).await?;
    match skus.iter().find(|sku| taken.contains_key(sku.as_str())) {
        Some(sku) => Err(EditRefusal::SkuTaken { sku: sku.clone() }.into()),
        None => Ok(()),
    }
}
