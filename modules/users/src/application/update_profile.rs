use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{UpdateProfile, User, UserRefusal};

use crate::UsersModule;
use crate::store::accounts::{Accounts, ProfileChange, find};

/// Changes the caller's own name or e-mail.
pub(crate) async fn update_profile(
    module: &UsersModule,
    call: &Call,
    request: UpdateProfile,
) -> Result<User, CallError<UserRefusal>> {
    if call.principal.user() != Some(request.user) {
        return Err(UserRefusal::NotFound.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let user = match Accounts::new(&uow).change_profile(&request).await? {
        ProfileChange::Done(user) => user,
        ProfileChange::EmailTaken => return Err(UserRefusal::EmailTaken.into()),
        ProfileChange::NoMatch => {
            return Err(match find(&uow, request.user).await? {
                Some(account) if !account.user.disabled => UserRefusal::PreconditionFailed.into(),
                _ => UserRefusal::NotFound.into(),
            });
        }
    };

    uow.commit().await?;
    Ok(user)
}
