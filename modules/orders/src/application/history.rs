use std::time::Duration;

use kernel::{Call, CallError};
use orders_contract::{History, HistoryEntry, ReadRefusal};
use platform::jobs;

use super::checkout::may_see;
use crate::OrdersModule;
use crate::store::history::after;
use crate::store::read::find;

const POLL: Duration = Duration::from_millis(250);

/// What happened to an order after an entry; waits for the next if there is none yet.
pub(crate) async fn history(
    module: &OrdersModule,
    call: &Call,
    request: History,
) -> Result<Vec<HistoryEntry>, CallError<ReadRefusal>> {
    let order = find(&module.database, request.order).await?;
    if !order.is_some_and(|order| may_see(module, call, &order)) {
        return Err(ReadRefusal::NotFound.into());
    }
    let polls = request.wait_ms.div_ceil(u64::try_from(POLL.as_millis()).unwrap_or(1));
    for _ in 0..polls {
        let settled = module.settled.notified();
        let entries = after(&module.database, request.order, request.after).await?;
        if !entries.is_empty() || call.remaining() <= POLL {
            return Ok(entries);
        }
        futures_util::future::select(std::pin::pin!(settled), std::pin::pin!(jobs::pause(POLL)))
            .await;
    }
    Ok(after(&module.database, request.order, request.after).await?)
}
