use kernel::{Call, CallError};
use users_contract::{GetUser, User, UserRefusal};

use super::admins::may_do_everything;
use crate::UsersModule;
use crate::store::accounts::find;

/// An account: the caller's own while it is not shut out, or any to an admin.
pub(crate) async fn user(
    module: &UsersModule,
    call: &Call,
    request: GetUser,
) -> Result<User, CallError<UserRefusal>> {
    let own = call.principal.user() == Some(request.user);
    if !own && !may_do_everything(&module.database, call).await? {
        return Err(UserRefusal::NotFound.into());
    }
    let account = find(&module.database, request.user).await?.ok_or(UserRefusal::NotFound)?;
    if own && account.user.disabled {
        return Err(UserRefusal::NotFound.into());
    }
    Ok(account.user)
}
