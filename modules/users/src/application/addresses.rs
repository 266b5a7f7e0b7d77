use kernel::{Call, CallError};
use users_contract::{Address, AddressRefusal, ListAddresses};

use crate::UsersModule;
use crate::store::addresses::of;

/// The caller's address book, oldest first.
pub(crate) async fn addresses(
    module: &UsersModule,
    call: &Call,
    request: ListAddresses,
) -> Result<Vec<Address>, CallError<AddressRefusal>> {
    if call.principal.user() != Some(request.user) {
        return Err(AddressRefusal::NotFound.into());
    }
    Ok(of(&module.database, request.user).await?)
}
