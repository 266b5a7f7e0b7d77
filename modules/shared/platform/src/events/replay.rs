use kernel::{EventId, Failure, Timestamp};
use sea_orm::FromQueryResult;

use super::blanking::untold;
use super::deliveries::Deliveries;
use super::outbox;
use crate::db::{Sql as _, UnitOfWork};
use crate::params;

const PAGE: usize = 100;

/// What a replay tells again.
pub(crate) struct Retold {
    pub(crate) events: u64,
    pub(crate) generation: u64,
}

#[derive(FromQueryResult)]
struct HistoryRow {
    event_id: String,
    key: String,
    sequence: i64,
}

impl Deliveries<'_> {
    /// Tells a subscription what happened since `from` again, as a new generation. `None` if there is no such subscription.
    pub(crate) async fn replay(
        &self,
        subscription: &str,
        from: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Retold>, Failure> {
        let uow = self.alone(now).await?;
        let bump = "UPDATE subscription SET generation = generation + 1 WHERE name = $1 AND event <> '' \
                    RETURNING generation";
        let Some(row) = uow.query(bump, params![subscription]).await?.into_iter().next() else {
            return Ok(None);
        };
        let generation: i64 = row.try_get_by_index(0).map_err(Failure::internal)?;
        // What an older generation was not told yet is told by the new one, if it is part of this history.
        let supersede = "DELETE FROM delivery WHERE subscription = $1 AND event_id IN \
                         (SELECT event_id FROM outbox WHERE occurred_at >= $2)";
        uow.run(supersede, params![subscription, from]).await?;
        let events = tell_again(&uow, (subscription, generation), from).await?;
        untold(&uow, subscription, from).await?;
        uow.commit().await?;
        self.database.relays().wake([subscription]);
        Ok(Some(Retold { events, generation: generation.unsigned_abs() }))
    }
}

async fn tell_again(
    uow: &UnitOfWork,
    (subscription, generation): (&str, i64),
    from: Timestamp,
) -> Result<u64, Failure> {
    let select = format!(
        "SELECT o.event_id, o.key, o.sequence FROM outbox o JOIN subscription s ON s.event = o.name \
         WHERE s.name = $1 AND o.occurred_at >= $2 AND o.event_id > $3 ORDER BY o.event_id LIMIT {PAGE}"
    );
    let (mut events, mut after) = (0, String::new());
    loop {
        let rows: Vec<HistoryRow> = uow.all(&select, params![subscription, from, after]).await?;
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                let event: EventId = crate::db::parsed(&row.event_id)?;
                Ok(outbox::NewDelivery {
                    subscription,
                    generation,
                    event,
                    key: &row.key,
                    sequence: row.sequence,
                })
            })
            .collect::<Result<_, Failure>>()?;
        outbox::deliver(uow, &told).await?;
        events += told.len() as u64;
        match rows.last() {
            Some(last) if rows.len() == PAGE => after.clone_from(&last.event_id),
            _ => return Ok(events),
        }
    }
}
