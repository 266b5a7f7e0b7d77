use kernel::Failure;
use platform::{UnitOfWork, params};

/// Waits until nobody else changes the catalogue, and keeps everybody else waiting until the unit of work ends.
///
/// What is read after it stays true: slugs that are free, SKUs that nobody has, the shape of the category tree.
pub(crate) async fn enter(uow: &UnitOfWork) -> Result<(), Failure> {
    let enter = "UPDATE guard SET entered = entered + 1 WHERE name = 'catalogue'";
    uow.run(enter, params![]).await.map(|_| ())
}
