use kernel::{Call, CallError};
use platform::UnitOfWork;
use users_contract::{Logout, SessionRefusal};

use crate::UsersModule;
use crate::store::sessions::Sessions;
use crate::tokens::fingerprint;

/// Ends a session of the caller. A token of nobody, of somebody else or of a session that is over changes nothing, and is
/// answered alike.
pub(crate) async fn logout(
    module: &UsersModule,
    call: &Call,
    request: Logout,
) -> Result<(), CallError<SessionRefusal>> {
    let user = call.principal.user().ok_or(SessionRefusal::InvalidToken)?;
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    Sessions::new(&uow).end_by_token(&fingerprint(&request.refresh_token), user).await?;

    uow.commit().await?;
    Ok(())
}
