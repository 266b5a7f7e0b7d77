use std::sync::Arc;

use kernel::{CallError, Failure, FailureKind, ModuleName};

use super::messages::OpsRefusal;
use super::module::ModuleOps;
use crate::{Offered, local_inbox};

/// Stores what a producer offers to subscriptions of this module that are handled in this process.
pub(super) async fn take(
    ops: &ModuleOps,
    producer: &ModuleName,
    offers: &[Offered],
) -> Result<(), CallError<OpsRefusal>> {
    for Offered { subscription, envelope, .. } in offers {
        if !ops.database.workers().knows(subscription) {
            return Err(OpsRefusal::UnknownSubscription.into());
        }
        if ModuleName::of(&envelope.name) != *producer {
            let cause = format!("{producer} tells {}, an event of another module", envelope.name);
            return Err(Failure::new(FailureKind::Denied).because(cause).not_executed().into());
        }
    }
    let inbox = local_inbox(ops.database.clone(), Arc::clone(&ops.clock));
    inbox.store(offers).await?;
    Ok(())
}
