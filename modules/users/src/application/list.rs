use kernel::{Call, CallError, Page, Timestamp, UserId};
use users_contract::{ListUsers, User, UserRefusal};

use super::admins::may_do_everything;
use crate::UsersModule;
use crate::store::accounts::made_before;

/// All accounts, newest first, to an admin.
pub(crate) async fn list(
    module: &UsersModule,
    call: &Call,
    request: ListUsers,
) -> Result<Page<User>, CallError<UserRefusal>> {
    if !may_do_everything(&module.database, call).await? {
        return Err(UserRefusal::Forbidden.into());
    }
    let before = match request.page.cursor {
        None => None,
        Some(cursor) => Some(parse(&cursor).ok_or(UserRefusal::UnknownCursor)?),
    };
    let limit = request.page.limit.clamp(1, 100);
    let users = made_before(&module.database, before, limit + 1).await?;
    Ok(Page::cut(users, limit, |user| format!("{}.{}", user.created_at.micros(), user.id)))
}

fn parse(cursor: &str) -> Option<(Timestamp, UserId)> {
    let (created_at, id) = cursor.split_once('.')?;
    Some((Timestamp::from_micros(created_at.parse().ok()?), id.parse().ok()?))
}
