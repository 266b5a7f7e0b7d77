use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{AddAddress, Address, AddressRefusal};

use crate::UsersModule;
use crate::store::accounts::find;
use crate::store::addresses::{AddressBooks, MOST};

/// Adds to the caller's address book.
pub(crate) async fn add_address(
    module: &UsersModule,
    call: &Call,
    request: AddAddress,
) -> Result<Address, CallError<AddressRefusal>> {
    if call.principal.user() != Some(request.user) {
        return Err(AddressRefusal::NotFound.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let Some(address) = AddressBooks::new(&uow).add(request.user, &request.postal).await? else {
        return Err(match find(&uow, request.user).await? {
            Some(account) if !account.user.disabled => {
                AddressRefusal::TooMany { most: MOST }.into()
            }
            _ => AddressRefusal::NotFound.into(),
        });
    };

    uow.commit().await?;
    Ok(address)
}
