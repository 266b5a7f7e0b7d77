use kernel::{Call, CallError, Failure};
use platform::UnitOfWork;
use users_contract::{UpdateUser, User, UserRefusal};

use super::admins::may_do_everything;
use crate::UsersModule;
use crate::domain::RightsChange;
use crate::store::accounts::find;
use crate::store::rights::Rights;
use crate::store::sessions::Sessions;

/// Changes what an account may do, or shuts it out.
pub(crate) async fn update(
    module: &UsersModule,
    call: &Call,
    request: UpdateUser,
) -> Result<User, CallError<UserRefusal>> {
    if !may_do_everything(&module.database, call).await? {
        return Err(UserRefusal::Forbidden.into());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let rights = Rights::take_turn(&uow).await?;
    if !may_do_everything(&uow, call).await? {
        return Err(UserRefusal::Forbidden.into()); // lost since, to whoever had the turn before
    }
    let account = find(&uow, request.user).await?.ok_or(UserRefusal::NotFound)?;
    let user = change(&uow, &rights, account.user, &request).await?;

    uow.commit().await?;
    Ok(user)
}

async fn change(
    uow: &UnitOfWork,
    rights: &Rights<'_>,
    user: User,
    request: &UpdateUser,
) -> Result<User, CallError<UserRefusal>> {
    if request.expected_version.is_some_and(|expected| expected != user.version) {
        return Err(UserRefusal::PreconditionFailed.into());
    }
    let change = RightsChange::of(&user, request.role, request.disabled);
    if change.loses_an_admin() && !rights.has_admin_besides(user.id).await? {
        return Err(UserRefusal::LastAdmin.into());
    }
    Ok(change_rights(uow, rights, user, &change).await?)
}

/// Changes what an account may do, and ends its sessions where their tokens would say otherwise.
pub(super) async fn change_rights(
    uow: &UnitOfWork,
    rights: &Rights<'_>,
    user: User,
    change: &RightsChange,
) -> Result<User, Failure> {
    if change.is_none() {
        return Ok(user);
    }
    let version = rights.change(user.id, change).await?;
    if change.ends_sessions() {
        Sessions::new(uow).end_all(user.id).await?;
    }
    Ok(User { role: change.role, disabled: change.disabled, version, ..user })
}
