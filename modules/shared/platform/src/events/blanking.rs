//! Personal data goes from events. It has one place in them, `personal`, and two copies: the producer's outbox, for replays,
//! and the inbox of each subscription, which keeps its own until it has handled or skipped the event.

use kernel::{Clock, Failure, Timestamp};
use sea_orm::FromQueryResult;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::db::{Database, Sql as _, UnitOfWork};
use crate::params;

const BATCH: usize = 500;

/// Whether an event says anything of a person.
pub(super) fn is_personal(event: &Value) -> bool {
    event.get("personal").is_some_and(|personal| !personal.is_null())
}

#[derive(FromQueryResult)]
struct UntoldRow {
    event_id: String,
    is_told: bool,
}

/// Notes which events with personal data every subscription confirmed since this was done last. From then on their time runs.
///
/// A producer knows that a subscription stored an event, and not when it handled it: that one has a copy of its own by then.
/// What is not confirmed yet is looked at page by page, so that it holds nobody up.
pub(super) async fn note_told(
    database: &Database,
    clock: &dyn Clock,
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let select = "SELECT o.event_id, NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = o.event_id) AS is_told \
                  FROM outbox o WHERE o.blanked_at IS NULL AND o.told_at IS NULL AND o.event_id > $1 \
                  ORDER BY o.event_id LIMIT $2";
    let mut after = String::new();
    while !stop.is_cancelled() {
        let rows: Vec<UntoldRow> = database.all(select, params![after, BATCH]).await?;
        let told = rows.iter().filter(|row| row.is_told);
        let told: Vec<&str> = told.map(|row| row.event_id.as_str()).collect();
        if !told.is_empty() {
            let uow = UnitOfWork::begin(database, clock.now()).await?;
            uow.by_index().await?;
            let update = format!(
                "UPDATE outbox SET told_at = $1 WHERE event_id IN \
                 (SELECT event_id FROM outbox WHERE event_id IN {} AND told_at IS NULL{})",
                database.texts(2),
                database.skip_locked()
            );
            uow.run(&update, params![uow.now(), serde_json::json!(told).to_string()]).await?;
            uow.commit().await?;
        }
        match rows.last() {
            Some(last) if rows.len() == BATCH => after.clone_from(&last.event_id),
            _ => break,
        }
    }
    Ok(())
}

/// What is told to a subscription again is not told to all any more.
pub(super) async fn untold(
    uow: &UnitOfWork,
    subscription: &str,
    from: Timestamp,
) -> Result<(), Failure> {
    let update = "UPDATE outbox SET told_at = NULL WHERE name = (SELECT event FROM subscription WHERE name = $1) \
                  AND occurred_at >= $2 AND blanked_at IS NULL AND told_at IS NOT NULL";
    uow.run(update, params![subscription, from]).await.map(|_| ())
}

/// Where a module keeps events with personal data.
pub(super) struct Copies {
    /// Those whose time began before `$1`, at most `$2`, as `id` and `event`.
    due: &'static str,
    /// Takes the `id` and `event` of what `FROM` joins as `blanked`.
    blank: &'static str,
    key: &'static str,
}

#[derive(FromQueryResult)]
struct PersonalRow {
    id: String,
    event: String,
}

impl Copies {
    /// An event that is told again stays whole until it was.
    pub(super) const OUTBOX: Self = Self {
        due: "SELECT o.event_id AS id, o.data AS event FROM outbox o WHERE o.blanked_at IS NULL AND o.told_at IS NOT NULL \
              AND o.told_at < $1 AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = o.event_id) \
              ORDER BY o.told_at LIMIT $2",
        blank: "UPDATE outbox SET data = blanked.event, blanked_at = $1",
        key: "outbox.event_id",
    };

    /// What waits or is parked was not handled.
    pub(super) const INBOX: Self = Self {
        due: "SELECT id, data AS event FROM inbox WHERE blanked_at IS NULL AND handled_at IS NOT NULL AND handled_at < $1 \
              ORDER BY handled_at LIMIT $2",
        blank: "UPDATE inbox SET data = blanked.event, blanked_at = $1",
        key: "inbox.id",
    };

    /// Blanks a batch of those whose time began before; gives how many.
    pub(super) async fn blank(&self, uow: &UnitOfWork, before: Timestamp) -> Result<u64, Failure> {
        let due = format!("{}{}", self.due, uow.database().skip_locked());
        let rows: Vec<PersonalRow> = uow.all(&due, params![before, BATCH]).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let blanked = rows.iter().map(PersonalRow::blanked).collect::<Result<Vec<_>, _>>()?;
        let update = format!(
            "{} FROM (SELECT value ->> 0 AS id, value ->> 1 AS event FROM {} AS part) AS blanked WHERE {} = blanked.id",
            self.blank,
            uow.database().arrays(2),
            self.key
        );
        let blanked = serde_json::json!(blanked).to_string();
        uow.run(&update, params![uow.now(), blanked]).await
    }
}

impl PersonalRow {
    fn blanked(&self) -> Result<(&str, String), Failure> {
        let mut event: Value = serde_json::from_str(&self.event).map_err(Failure::internal)?;
        if let Some(personal) = event.get_mut("personal") {
            *personal = Value::Null;
        }
        Ok((&self.id, event.to_string()))
    }
}
