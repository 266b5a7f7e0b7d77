use kernel::{Failure, UserId};
use platform::{Sql, UnitOfWork, params};

use super::accounts::role_name;
use crate::domain::RightsChange;

/// Who may do what, as a unit of work changes it. One at a time, over all processes.
pub(crate) struct Rights<'uow> {
    uow: &'uow UnitOfWork,
}

/// Whether an account may do everything now, whatever its tokens say.
pub(crate) async fn is_live_admin(sql: &impl Sql, user: UserId) -> Result<bool, Failure> {
    let count = "SELECT COUNT(*) FROM account WHERE id = $1 AND role = 'admin' AND NOT disabled";
    Ok(sql.number(count, params![user]).await? == 1)
}

impl<'uow> Rights<'uow> {
    /// Waits for its turn: until the unit of work ends, nobody else changes what an account may do.
    pub(crate) async fn take_turn(uow: &'uow UnitOfWork) -> Result<Self, Failure> {
        uow.run("UPDATE admin_turn SET turns = turns + 1 WHERE id = 1", params![]).await?;
        Ok(Self { uow })
    }

    /// Whether somebody else may do everything as well.
    pub(crate) async fn has_admin_besides(&self, user: UserId) -> Result<bool, Failure> {
        let count =
            "SELECT COUNT(*) FROM account WHERE role = 'admin' AND NOT disabled AND id <> $1";
        Ok(self.uow.number(count, params![user]).await? > 0)
    }

    /// Changes what an account may do, and gives its new version.
    pub(crate) async fn change(&self, user: UserId, change: &RightsChange) -> Result<u64, Failure> {
        let update = "UPDATE account SET role = $2, disabled = $3, version = version + 1 \
                      WHERE id = $1 RETURNING version";
        let values = params![user, role_name(change.role), change.disabled];
        u64::try_from(self.uow.number(update, values).await?).map_err(Failure::internal)
    }
}
