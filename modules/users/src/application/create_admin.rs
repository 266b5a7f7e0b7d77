use kernel::{Call, CallError, Failure};
use platform::UnitOfWork;
use users_contract::{CreateAdmin, Role, User, UserRefusal};

use super::update::change_rights;
use crate::UsersModule;
use crate::domain::{Password, RightsChange};
use crate::store::accounts::{Accounts, NewAccount, find, find_by_email};
use crate::store::rights::Rights;

/// Makes an admin's account. An account that is there becomes an admin's and keeps its password; shut out it stays so.
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
        Some(account) => return promote(module, account.user).await,
        None => {}
    }
    let hash = module.hasher.hash(call, &password).await?;
    let account =
        NewAccount { email: &email, name: &name, role: Role::Admin, password_hash: &hash };
    if let Some(user) = open(module, &account).await? {
        return Ok(user);
    }
    match find_by_email(&module.database, &email).await? {
        Some(account) => promote(module, account.user).await, // made by somebody else meanwhile
        None => Err(Failure::internal("an e-mail is taken by no account").into()),
    }
}

async fn open(module: &UsersModule, account: &NewAccount<'_>) -> Result<Option<User>, Failure> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let user = Accounts::new(&uow).open(account).await?;
    uow.commit().await?;
    Ok(user)
}

async fn promote(module: &UsersModule, user: User) -> Result<User, CallError<UserRefusal>> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let rights = Rights::take_turn(&uow).await?;
    let user = find(&uow, user.id).await?.ok_or(UserRefusal::NotFound)?.user;
    let change = RightsChange::of(&user, Some(Role::Admin), None);
    let user = change_rights(&uow, &rights, user, &change).await?;

    uow.commit().await?;
    Ok(user)
}
