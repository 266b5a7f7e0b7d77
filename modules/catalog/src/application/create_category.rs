use catalog_contract::{Category, CategoryRefusal, CreateCategory};
use kernel::{Call, CallError};
use platform::UnitOfWork;

use crate::CatalogModule;
use crate::domain::slug;
use crate::domain::tree::may_stand_under;
use crate::store::{categories, guard};

/// Makes a category.
pub(crate) async fn create_category(
    module: &CatalogModule,
    call: &Call,
    request: CreateCategory,
) -> Result<Category, CallError<CategoryRefusal>> {
    if !call.principal.is_staff() {
        return Err(CategoryRefusal::Forbidden.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    guard::enter(&uow).await?;
    let others = categories::all(&uow).await?;
    let category = Category {
        slug: free_slug(&others, request.slug, request.title.as_str())?,
        title: request.title.into(),
        parent: request.parent,
    };
    if let Some(parent) = &category.parent
        && !may_stand_under(&others, None, parent)
    {
        return Err(CategoryRefusal::InvalidParent.into());
    }
    categories::insert(&uow, std::slice::from_ref(&category)).await?;

    uow.commit().await?;
    Ok(category)
}

/// The slug asked for, or one made of the title.
fn free_slug(
    others: &[Category],
    asked: Option<String>,
    title: &str,
) -> Result<String, CategoryRefusal> {
    let is_taken = |slug: &str| others.iter().any(|other| other.slug == slug);
    match asked {
        Some(slug) if slug::checked(&slug).is_err() => Err(CategoryRefusal::InvalidSlug),
        Some(slug) if is_taken(&slug) => Err(CategoryRefusal::SlugTaken { slug }),
        Some(slug) => Ok(slug),
        None => {
            let slug = slug::of_title(title, "category");
            let mut candidates = (1..=others.len() + 1).map(|number| slug::numbered(&slug, number));
            let free = candidates.find(|candidate| !is_taken(candidate));
            free.ok_or(CategoryRefusal::SlugTaken { slug })
        }
    }
}
