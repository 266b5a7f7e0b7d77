use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{Login, SessionRefusal, SignedIn};

use super::signed_in::signed_in;
use crate::UsersModule;
use crate::hashing::Verdict;
use crate::store::accounts::{Accounts, find_by_email};
use crate::store::sessions::Sessions;
use crate::tokens::RefreshToken;

/// Signs in. Whether the e-mail is unknown, the password wrong or the account shut out can't be told from outside.
pub(crate) async fn login(
    module: &UsersModule,
    call: &Call,
    request: Login,
) -> Result<SignedIn, CallError<SessionRefusal>> {
    let account = find_by_email(&module.database, &request.email).await?;
    let stored = account.as_ref().map(|account| account.password_hash.as_str());
    let verdict = module.hasher.compare(call, &request.password, stored).await?;
    let renewed_hash = match verdict {
        Verdict::Right => None,
        Verdict::Outdated(renewed) => Some(renewed),
        Verdict::Wrong => return Err(SessionRefusal::InvalidCredentials.into()),
    };
    let account = account.ok_or(SessionRefusal::InvalidCredentials)?;
    let (signer, refresh_token) = (module.keys.signer().await?, RefreshToken::generate()?);
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let user = Accounts::new(&uow)
        .sign_in(&account, renewed_hash.as_deref())
        .await?
        .ok_or(SessionRefusal::InvalidCredentials)?;
    Sessions::new(&uow).begin(user.id, &refresh_token, module.refresh_token_life).await?;

    let now = uow.now();
    uow.commit().await?;
    Ok(signed_in(user, &signer, refresh_token, now)?)
}
