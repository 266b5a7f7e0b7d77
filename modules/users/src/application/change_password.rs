use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{ChangePassword, UserRefusal};

use crate::UsersModule;
use crate::domain::Password;
use crate::hashing::Verdict;
use crate::store::accounts::{Accounts, find};
use crate::store::sessions::Sessions;

/// Changes the caller's password and ends all their sessions.
pub(crate) async fn change_password(
    module: &UsersModule,
    call: &Call,
    request: ChangePassword,
) -> Result<(), CallError<UserRefusal>> {
    if call.principal.user() != Some(request.user) {
        return Err(UserRefusal::NotFound.into());
    }
    let ChangePassword { user, current_password, new_password } = request;
    let new_password = Password::parse(new_password).ok_or(UserRefusal::InvalidPassword)?;
    let account = find(&module.database, user).await?.filter(|account| !account.user.disabled);
    let account = account.ok_or(UserRefusal::NotFound)?;
    let stored = Some(account.password_hash.as_str());
    if module.hasher.compare(call, &current_password, stored).await? == Verdict::Wrong {
        return Err(UserRefusal::InvalidCredentials.into());
    }
    let hash = module.hasher.hash(call, &new_password).await?;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    if !Accounts::new(&uow).change_password(&account, &hash).await? {
        return Err(UserRefusal::InvalidCredentials.into()); // changed by somebody else meanwhile
    }
    Sessions::new(&uow).end_all(user).await?;

    uow.commit().await?;
    Ok(())
}
