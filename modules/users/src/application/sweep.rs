use kernel::Failure;
use platform::UnitOfWork;

use crate::UsersModule;
use crate::store::sessions::Sessions;
use crate::store::signing_keys::remove_outlived;

/// Removes some of the tokens, sessions and keys that nobody can use any more, and says how many.
pub(crate) async fn sweep(module: &UsersModule) -> Result<u64, Failure> {
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;

    let expired = Sessions::new(&uow).remove_expired().await?;
    let outlived = remove_outlived(&uow, module.keys.outlived(uow.now())).await?;

    uow.commit().await?;
    Ok(expired + outlived)
}
