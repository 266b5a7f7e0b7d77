use std::time::Duration;

use futures_util::future::join_all;
use kernel::{Call, Failure, OrderId};
use platform::UnitOfWork;

use super::settle::settle;
use crate::store::payments::{Payments, Slot, any_due, of_order};
use crate::{MODULE, PaymentsModule};

/// How many payments a sweep takes up.
const MOST: u32 = 20;
/// How long a sweep may ask for one payment.
const PATIENCE: Duration = Duration::from_secs(5);

/// Settles what was left half-way for some seconds: by a crash, a lost answer, or a provider that was down.
pub(crate) async fn sweep(module: &PaymentsModule) -> Result<(), Failure> {
    if !any_due(&module.database, module.clock.now()).await? {
        return Ok(());
    }
    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?;
    let due = Payments::new(&uow).take_due(MOST).await?;
    uow.commit().await?;
    join_all(due.into_iter().map(|order| settle_order(module, order))).await;
    Ok(())
}

async fn settle_order(module: &PaymentsModule, order: OrderId) {
    if let Err(failure) = try_to_settle(module, order).await {
        tracing::warn!(order.id = %order, cause = %failure.chain(), "the payment of {order} is not settled yet");
    }
}

async fn try_to_settle(module: &PaymentsModule, order: OrderId) -> Result<(), Failure> {
    let call = Call::system(MODULE, PATIENCE);
    match of_order(&module.database, order).await? {
        Some(Slot::Taken(stored)) => settle(module, &call, stored).await.map(|_| ()),
        Some(Slot::Tombstone) | None => Ok(()),
    }
}
