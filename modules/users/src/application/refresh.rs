use kernel::CallError;
use platform::UnitOfWork;
use users_contract::{Refresh, SessionRefusal, SignedIn};

use super::signed_in::signed_in;
use crate::UsersModule;
use crate::store::accounts::find;
use crate::store::sessions::{Sessions, Shown};
use crate::tokens::{RefreshToken, fingerprint};

/// Trades a refresh token for a new pair; one that was traded before ends its session.
pub(crate) async fn refresh(
    module: &UsersModule,
    request: Refresh,
) -> Result<SignedIn, CallError<SessionRefusal>> {
    let (signer, next) = (module.keys.signer().await?, RefreshToken::generate()?);
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let sessions = Sessions::new(&uow);
    let session = match sessions.show(&fingerprint(&request.refresh_token)).await? {
        Shown::Good(session) => session,
        Shown::Used(session) => {
            sessions.end(session).await?;
            uow.commit().await?; // the refusal is answered only once the session is over
            return Err(SessionRefusal::TokenReused.into());
        }
        Shown::Invalid => return Err(SessionRefusal::InvalidToken.into()),
    };
    let prolonged = sessions.prolong(session, &next, module.refresh_token_life).await?;
    let user_id = prolonged.ok_or(SessionRefusal::InvalidToken)?;
    let user = match find(&uow, user_id).await? {
        Some(account) if !account.user.disabled => account.user,
        _ => return Err(SessionRefusal::InvalidToken.into()),
    };

    let now = uow.now();
    uow.commit().await?;
    Ok(signed_in(user, &signer, next, now)?)
}
