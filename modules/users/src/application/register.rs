use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{Register, Registrant, Role, SessionRefusal, SignedIn, User, UserRegistered};

use super::signed_in::signed_in;
use crate::UsersModule;
use crate::domain::Password;
use crate::store::accounts::{Accounts, NewAccount, find_by_email};
use crate::store::sessions::Sessions;
use crate::tokens::RefreshToken;

/// Makes a buyer's account and signs it in.
pub(crate) async fn register(
    module: &UsersModule,
    call: &Call,
    request: Register,
) -> Result<SignedIn, CallError<SessionRefusal>> {
    let Register { email, password, name } = request;
    let password = Password::parse(password).ok_or(SessionRefusal::InvalidPassword)?;
    if find_by_email(&module.database, &email).await?.is_some() {
        return Err(SessionRefusal::EmailTaken.into()); // before anything is hashed for nothing
    }
    let password_hash = module.hasher.hash(call, &password).await?;
    let (signer, refresh_token) = (module.keys.signer().await?, RefreshToken::generate()?);
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?.traced(call.trace);

    let account =
        NewAccount { email: &email, name: &name, role: Role::Buyer, password_hash: &password_hash };
    let user = Accounts::new(&uow).open(&account).await?.ok_or(SessionRefusal::EmailTaken)?;
    Sessions::new(&uow).begin(user.id, &refresh_token, module.refresh_token_life).await?;
    uow.publish(&registered(&user)).await?;

    let now = uow.now();
    uow.commit().await?;
    Ok(signed_in(user, &signer, refresh_token, now)?)
}

fn registered(user: &User) -> UserRegistered {
    let personal = Registrant { email: user.email.clone(), name: user.name.clone() };
    UserRegistered { user_id: user.id, personal: Some(personal) }
}
