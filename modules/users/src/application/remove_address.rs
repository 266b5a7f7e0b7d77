use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{AddressRefusal, RemoveAddress};

use crate::UsersModule;
use crate::store::addresses::AddressBooks;

/// Removes an entry of the caller's address book.
pub(crate) async fn remove_address(
    module: &UsersModule,
    call: &Call,
    request: RemoveAddress,
) -> Result<(), CallError<AddressRefusal>> {
    if call.principal.user() != Some(request.user) {
        return Err(AddressRefusal::NotFound.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    if !AddressBooks::new(&uow).remove(request.user, request.address).await? {
        return Err(AddressRefusal::NotFound.into());
    }

    uow.commit().await?;
    Ok(())
}
