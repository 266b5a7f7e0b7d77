use catalog_contract::{CategoryRefusal, DeleteCategory};
use kernel::{Call, CallError, Failure};
use platform::UnitOfWork;

use crate::CatalogModule;
use crate::store::{categories, guard, products};

/// How many products are changed at a time.
const BATCH: u32 = 200;

/// Removes a category that has no children; its products stay, without one.
pub(crate) async fn delete_category(
    module: &CatalogModule,
    call: &Call,
    request: DeleteCategory,
) -> Result<(), CallError<CategoryRefusal>> {
    if !call.principal.is_staff() {
        return Err(CategoryRefusal::Forbidden.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    guard::enter(&uow).await?;
    let all = categories::all(&uow).await?;
    if !all.iter().any(|category| category.slug == request.slug) {
        return Err(CategoryRefusal::NotFound.into());
    }
    if all.iter().any(|category| category.parent.as_deref() == Some(request.slug.as_str())) {
        return Err(CategoryRefusal::HasChildren.into());
    }
    while take_some_out(&uow, &request.slug).await? {}
    categories::delete(&uow, &request.slug).await?;

    uow.commit().await?;
    Ok(())
}

/// Takes some of its products out of the category; says whether there were any.
async fn take_some_out(uow: &UnitOfWork, slug: &str) -> Result<bool, Failure> {
    let some = categories::some_products(uow, slug, BATCH).await?;
    let mut some = products::load(uow, &some).await?;
    for product in some.values_mut() {
        product.category = None;
        product.version += 1;
        product.updated_at = uow.now();
    }
    products::save(uow, &some.values().collect::<Vec<_>>()).await?;
    Ok(!some.is_empty())
}
