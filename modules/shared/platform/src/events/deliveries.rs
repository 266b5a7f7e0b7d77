use kernel::{DeliveryId, Envelope, Failure, ModuleName, Subscription, Timestamp};
use sea_orm::FromQueryResult;

use super::inbox::Offered;
use crate::db::{Database, Sql, UnitOfWork, parsed, placeholders};
use crate::params;

/// At most so many keys, and so many events, are offered at once.
const KEYS: i64 = 500;
const EVENTS: i64 = 1_000;

/// The producer's side: which event is still to be told to which subscription.
pub(crate) struct Deliveries<'a> {
    database: &'a Database,
}

/// A key of a subscription whose next events this process offers now.
#[derive(FromQueryResult)]
struct Claim {
    subscription: String,
    generation: i64,
    key: String,
}

#[derive(FromQueryResult)]
struct DueRow {
    id: String,
    subscription: String,
    generation: i64,
    event_id: String,
    name: String,
    key: String,
    sequence: i64,
    occurred_at: i64,
    traceparent: Option<String>,
    data: String,
}

impl<'a> Deliveries<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// Notes who wants to be told of this module's events from now on. Those that are noted already stay as they are.
    pub(crate) async fn subscribe(
        &self,
        wanted: &[Subscription],
        now: Timestamp,
    ) -> Result<(), Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        let insert = "INSERT INTO subscription (name, event, generation, recorded_at) VALUES ($1, $2, 1, $3) \
                      ON CONFLICT (name) DO NOTHING";
        for subscription in wanted {
            uow.run(insert, params![subscription.name, subscription.event, now]).await?;
        }
        uow.commit().await
    }

    /// Claims keys that have something to be told, for so long, and gives their next events, lowest sequence first.
    ///
    /// A key is claimed by its lowest open event: nobody else can claim it until that is confirmed or the claim is over.
    pub(crate) async fn claim(
        &self,
        owner: &str,
        subscriptions: &[String],
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Vec<Offered>, Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        let claim = format!(
            "WITH heads AS MATERIALIZED (SELECT d.id FROM delivery d WHERE d.confirmed_at IS NULL AND d.offered_until <= $1 \
             AND d.subscription IN {} AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.subscription = d.subscription \
             AND e.generation = d.generation AND e.key = d.key AND e.confirmed_at IS NULL AND e.sequence < d.sequence) \
             LIMIT {KEYS}{}) UPDATE delivery SET offered_by = $2, offered_until = $3 WHERE id IN (SELECT id FROM heads) \
             RETURNING subscription, generation, key",
            placeholders(1, subscriptions.len(), 4),
            self.database.skip_locked(),
        );
        let mut values = params![now, owner, until];
        values.extend(subscriptions.iter().flat_map(|name| params![name]));
        let claims: Vec<Claim> = uow.all(&claim, values).await?;
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let due = self.due(&uow, &claims).await?;
        uow.commit().await?;
        Ok(due)
    }

    async fn due(&self, uow: &UnitOfWork, claims: &[Claim]) -> Result<Vec<Offered>, Failure> {
        let select = format!(
            "SELECT d.id, d.subscription, d.generation, d.event_id, o.name, d.key, d.sequence, o.occurred_at, o.traceparent, \
             o.data FROM delivery d JOIN outbox o ON o.event_id = d.event_id WHERE d.confirmed_at IS NULL \
             AND (d.subscription, d.generation, d.key) IN (VALUES {}) ORDER BY d.sequence LIMIT {EVENTS}",
            placeholders(claims.len(), 3, 1)
        );
        let values = claims
            .iter()
            .flat_map(|claim| params![claim.subscription, claim.generation, claim.key])
            .collect();
        let rows: Vec<DueRow> = uow.all(&select, values).await?;
        rows.into_iter().map(|row| row.into_offered(self.database.module())).collect()
    }

    /// Notes that a subscription's inbox stored deliveries; gives how many were not noted before.
    pub(crate) async fn confirm(
        &self,
        deliveries: &[DeliveryId],
        now: Timestamp,
    ) -> Result<u64, Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        let mut confirmed = 0;
        for chunk in deliveries.chunks(500) {
            let update = format!(
                "UPDATE delivery SET confirmed_at = $1 WHERE confirmed_at IS NULL AND id IN {}",
                placeholders(1, chunk.len(), 2)
            );
            let mut values = params![now];
            values.extend(chunk.iter().flat_map(|id| params![*id]));
            confirmed += uow.run(&update, values).await?;
        }
        uow.commit().await?;
        Ok(confirmed)
    }

    /// Ends a claim early, so that what was not confirmed is offered again from `until` on.
    pub(crate) async fn postpone(
        &self,
        owner: &str,
        subscription: &str,
        until: Timestamp,
    ) -> Result<(), Failure> {
        let uow = UnitOfWork::begin(self.database, until).await?;
        let update = "UPDATE delivery SET offered_until = $3 WHERE confirmed_at IS NULL AND offered_by = $1 \
                      AND subscription = $2 AND offered_until > $3";
        uow.run(update, params![owner, subscription, until]).await?;
        uow.commit().await
    }

    /// Tells a subscription what happened since `from` again, as a new generation; gives how many events, and which.
    pub(crate) async fn replay(
        &self,
        subscription: &str,
        from: Timestamp,
        now: Timestamp,
    ) -> Result<Option<(u64, u64)>, Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        let bump = "UPDATE subscription SET generation = generation + 1 WHERE name = $1 RETURNING generation";
        let Some(row) = uow.query(bump, params![subscription]).await?.into_iter().next() else {
            return Ok(None);
        };
        let generation: i64 = row.try_get_by_index(0).map_err(Failure::internal)?;
        // What an older generation was not told yet is told by the new one, if it is part of this history.
        let supersede = "UPDATE delivery SET confirmed_at = $2 WHERE subscription = $1 AND confirmed_at IS NULL AND event_id IN \
                         (SELECT event_id FROM outbox WHERE occurred_at >= $3)";
        uow.run(supersede, params![subscription, now, from]).await?;
        let events = self.history(&uow, subscription, generation, from).await?;
        uow.commit().await?;
        self.database.note_published();
        Ok(Some((events, generation.unsigned_abs())))
    }

    async fn history(
        &self,
        uow: &UnitOfWork,
        subscription: &str,
        generation: i64,
        from: Timestamp,
    ) -> Result<u64, Failure> {
        let select = "SELECT o.event_id, o.key, o.sequence FROM outbox o JOIN subscription s ON s.event = o.name \
                      WHERE s.name = $1 AND o.occurred_at >= $2";
        let rows = uow.query(select, params![subscription, from]).await?;
        for chunk in rows.chunks(500) {
            let insert = "INSERT INTO delivery (id, subscription, generation, event_id, key, sequence, offered_until) VALUES ";
            let mut values = Vec::with_capacity(chunk.len() * 7);
            for row in chunk {
                let read =
                    |column| row.try_get_by_index::<String>(column).map_err(Failure::internal);
                let (event, key) = (parsed(&read(0)?)?, read(1)?);
                let sequence: i64 = row.try_get_by_index(2).map_err(Failure::internal)?;
                let id = super::outbox::delivery_id(subscription, generation, event);
                values.extend(params![id, subscription, generation, event, key, sequence, 0_i64]);
            }
            uow.run(&format!("{insert}{}", placeholders(chunk.len(), 7, 1)), values).await?;
        }
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }

    /// Ends a subscription, and drops what it was not told yet. Gives whether there was one.
    pub(crate) async fn unsubscribe(
        &self,
        subscription: &str,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let uow = UnitOfWork::begin(self.database, now).await?;
        let ended =
            uow.run("DELETE FROM subscription WHERE name = $1", params![subscription]).await?;
        uow.run(
            "DELETE FROM delivery WHERE subscription = $1 AND confirmed_at IS NULL",
            params![subscription],
        )
        .await?;
        uow.commit().await?;
        Ok(ended > 0)
    }
}

impl DueRow {
    fn into_offered(self, producer: &ModuleName) -> Result<Offered, Failure> {
        let envelope = Envelope {
            specversion: "1.0".to_owned(),
            id: parsed(&self.event_id)?,
            source: format!("/galleria/{producer}"),
            name: self.name,
            time: Timestamp::from_micros(self.occurred_at),
            subject: self.key,
            sequence: self.sequence.unsigned_abs(),
            traceparent: self.traceparent,
            data: serde_json::from_str(&self.data).map_err(Failure::internal)?,
        };
        let generation = self.generation;
        Ok(Offered { id: parsed(&self.id)?, subscription: self.subscription, generation, envelope })
    }
}
