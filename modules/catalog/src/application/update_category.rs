use catalog_contract::{Category, CategoryRefusal, UpdateCategory};
use kernel::{Call, CallError};
use platform::UnitOfWork;

use crate::CatalogModule;
use crate::domain::tree::may_stand_under;
use crate::store::{categories, guard};

/// Renames or moves a category.
pub(crate) async fn update_category(
    module: &CatalogModule,
    call: &Call,
    request: UpdateCategory,
) -> Result<Category, CallError<CategoryRefusal>> {
    if !call.principal.is_staff() {
        return Err(CategoryRefusal::Forbidden.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    guard::enter(&uow).await?;
    let all = categories::all(&uow).await?;
    let found = all.iter().find(|category| category.slug == request.slug);
    let mut category = found.cloned().ok_or(CategoryRefusal::NotFound)?;
    if let Some(title) = request.title {
        category.title = title.into();
    }
    if let Some(parent) = request.parent {
        let slug = Some(category.slug.as_str());
        if parent.as_deref().is_some_and(|parent| !may_stand_under(&all, slug, parent)) {
            return Err(CategoryRefusal::InvalidParent.into());
        }
        category.parent = parent;
    }
    categories::update(&uow, &category).await?;

    uow.commit().await?;
    Ok(category)
}
