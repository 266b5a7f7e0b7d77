use kernel::{CallError, DeliveryId, Failure};
use sea_orm::FromQueryResult;

use super::messages::{Delivery, OpsRefusal, Replay, Replayed};
use super::module::ModuleOps;
use super::queries;
use crate::db::{Sql as _, UnitOfWork};
use crate::events::{Deliveries, Queue, Retold, mark};
use crate::params;

#[derive(FromQueryResult)]
struct Given {
    subscription: String,
    generation: i64,
    key: String,
    sequence: i64,
}

/// Tries a parked event again, now.
pub(super) async fn retry(
    ops: &ModuleOps,
    delivery: DeliveryId,
) -> Result<Delivery, CallError<OpsRefusal>> {
    let uow = UnitOfWork::begin(&ops.database, ops.clock.now()).await?;
    let update = "UPDATE inbox SET state = 'pending', attempts = 0, due_at = $2 WHERE id = $1 AND state = 'parked' \
                  RETURNING subscription, generation, key, sequence";
    let tried: Option<Given> = uow.first(update, params![delivery, uow.now()]).await?;
    if let Some(Given { subscription, key, .. }) = &tried {
        Queue { subscription }.release(&uow, key).await?;
    }
    uow.commit().await?;
    wake(ops, tried.as_ref());
    after(ops, delivery).await
}

/// Gives a parked event up, and notes it as handled, so that the later ones of its key flow.
pub(super) async fn skip(
    ops: &ModuleOps,
    delivery: DeliveryId,
) -> Result<Delivery, CallError<OpsRefusal>> {
    let uow = UnitOfWork::begin(&ops.database, ops.clock.now()).await?;
    let update = "UPDATE inbox SET state = 'skipped', handled_at = $2 WHERE id = $1 AND state = 'parked' \
                  RETURNING subscription, generation, key, sequence";
    let skipped: Option<Given> = uow.first(update, params![delivery, uow.now()]).await?;
    if let Some(Given { subscription, generation, key, sequence }) = &skipped {
        mark(&uow, subscription, &[(*generation, key, *sequence)]).await?;
        Queue { subscription }.release(&uow, key).await?;
    }
    uow.commit().await?;
    wake(ops, skipped.as_ref());
    after(ops, delivery).await
}

/// Tells a subscription the history of this module's events again.
pub(super) async fn replay(
    ops: &ModuleOps,
    request: Replay,
) -> Result<Replayed, CallError<OpsRefusal>> {
    let from = request.from.unwrap_or(kernel::Timestamp::from_micros(0));
    let deliveries = Deliveries::new(&ops.database);
    match deliveries.replay(&request.subscription, from, ops.clock.now()).await? {
        Some(Retold { events, generation }) => Ok(Replayed { events, generation }),
        None => Err(OpsRefusal::UnknownSubscription.into()),
    }
}

fn wake(ops: &ModuleOps, given: Option<&Given>) {
    ops.database.workers().wake(given.map(|given| given.subscription.as_str()));
}

async fn after(ops: &ModuleOps, delivery: DeliveryId) -> Result<Delivery, CallError<OpsRefusal>> {
    let found: Result<Option<Delivery>, Failure> =
        queries::summary(&ops.database, delivery, ops.clock.now()).await;
    Ok(found?.ok_or(OpsRefusal::NotFound)?)
}
