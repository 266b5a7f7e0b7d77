use std::time::Duration;

use kernel::{Call, CallError};
use orders_contract::{History, HistoryEntry, ReadRefusal};

use super::answering::to_be_answered;
use super::checkout::may_see;
use crate::OrdersModule;
use crate::store::history::after;
use crate::store::read::find;

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
    let call = &to_be_answered(call).within(Duration::from_millis(request.wait_ms));
    let mut waiting = module.settling.of(request.order);
    loop {
        let entries = after(&module.database, request.order, request.after).await?;
        if !entries.is_empty() || call.remaining().is_zero() {
            return Ok(entries);
        }
        waiting.again(call).await;
    }
}
