use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{Address, AddressRefusal, UpdateAddress};

use crate::UsersModule;
use crate::store::addresses::AddressBooks;

/// Replaces an entry of the caller's address book.
pub(crate) async fn update_address(
    module: &UsersModule,
    call: &Call,
    request: UpdateAddress,
) -> Result<Address, CallError<AddressRefusal>> {
    if call.principal.user() != Some(request.user) {
        return Err(AddressRefusal::NotFound.into());
    }
    let address = Address { id: request.address, postal: request.postal };
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    if !AddressBooks::new(&uow).replace(request.user, &address).await? {
        return Err(AddressRefusal::NotFound.into());
    }

    uow.commit().await?;
    Ok(address)
}
