use kernel::{Call, Failure, Principal};
use platform::Sql;

use crate::store::rights::is_live_admin;

/// Whether the caller may do everything now: a module, or an admin who still is one, whatever their token says.
pub(super) async fn may_do_everything(sql: &impl Sql, call: &Call) -> Result<bool, Failure> {
    match call.principal {
        Principal::System { .. } => Ok(true),
        Principal::Admin { id } => is_live_admin(sql, id).await,
        Principal::User { .. } | Principal::Staff { .. } | Principal::Guest { .. } => Ok(false),
    }
}
