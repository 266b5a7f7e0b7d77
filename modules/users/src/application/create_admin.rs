use kernel::{Call, CallError, Failure, UserId};
use platform::UnitOfWork;
use users_contract::{CreateAdmin, Role, User, UserRefusal};

use super::update::change_rights;
use crate::UsersModule;
use crate::domain::{Password, RightsChange};
use crate::store::accounts::{Accounts, NewAccount, find, find_by_email};
use crate::store::rights::Rights;

/// Makes an admin's account. An account that is there becomes an admin's with this password, for whoever registered the
/// e-mail first may be anybody; shut out it stays so. An admin's stays as it is.
pub(crate) async fn create_admin(
    module: &UsersModule,
    call: &Call,
    request: CreateAdmin,
) -> Result<User, CallError<UserRefusal>> {
    call.require_system()?;
    let CreateAdmin { email, password, name } = request;
    let password = Password::parse(password).ok_or(UserRefusal::InvalidPassword)?;
    match find_by_email(&module.database, &email).await? {
        Some(account) if account.user.role == Role::Admin => return Ok(account.user),
        _ => {}
    }
    let hash = module.hasher.hash(call, &password).await?;
    let account =
        NewAccount { email: &email, name: &name, role: Role::Admin, password_hash: &hash };
    if let Some(user) = open(module, &account).await? {
        return Ok(user);
    }
    match find_by_email(&module.database, &email).await? {
        Some(account) => promote(module, account.user.id, &hash).await,
        None => Err(Failure::internal("an e-mail is taken by no account").into()),
    }
}

async fn open(module: &UsersModule, account: &NewAccount<'_>) -> Result<Option<User>, Failure> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let user = Accounts::new(&uow).open(account).await?;
    uow.commit().await?;
    Ok(user)
}

async fn promote(
    module: &UsersModule,
    id: UserId,
    hash: &str,
) -> Result<User, CallError<UserRefusal>> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let rights = Rights::take_turn(&uow).await?;
    let user = find(&uow, id).await?.ok_or(UserRefusal::NotFound)?.user;
    if user.role == Role::Admin {
        return Ok(user); // made by somebody else meanwhile
    }
    Accounts::new(&uow).set_password(id, hash).await?;
    let change = RightsChange::of(&user, Some(Role::Admin), None);
    let user = change_rights(&uow, &rights, user, &change).await?;

    uow.commit().await?;
    Ok(user)
}
