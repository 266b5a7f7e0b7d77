use std::sync::Arc;

use kernel::{Clock, Failure};
use sea_orm::FromQueryResult;

use super::settings::EventSettings;
use crate::db::{Database, Sql as _, UnitOfWork};
use crate::params;

const BATCH: i64 = 500;

/// Forgets what events no longer have to remember: handled inbox rows, old history, personal data.
pub struct Sweeper {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: EventSettings,
}

#[derive(FromQueryResult)]
struct EventRow {
    event_id: String,
    data: String,
}

impl Sweeper {
    /// Forgets a batch of each kind; gives how many rows.
    pub async fn step(&self) -> Result<u64, Failure> {
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        let kept = self.settings.inbox_retention.min(self.settings.personal_retention);
        let handled_before = uow.now().minus(kept);
        let prune =
            "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE handled_at < $1 LIMIT $2)";
        let mut rows = uow.run(prune, params![handled_before, BATCH]).await?;
        if let Some(retention) = self.settings.retention {
            rows += forget_history(&uow, uow.now().minus(retention)).await?;
        }
        rows += blank(&uow, uow.now().minus(self.settings.personal_retention)).await?;
        uow.commit().await?;
        Ok(rows)
    }
}

/// An event that a subscription has not confirmed is never forgotten.
async fn forget_history(uow: &UnitOfWork, before: kernel::Timestamp) -> Result<u64, Failure> {
    let forget = "DELETE FROM outbox WHERE event_id IN (SELECT o.event_id FROM outbox o WHERE o.occurred_at < $1 \
                  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = o.event_id) LIMIT $2)";
    uow.run(forget, params![before, BATCH]).await
}

/// Personal data goes when everybody stored the event; their own copies go with their inboxes.
async fn blank(uow: &UnitOfWork, before: kernel::Timestamp) -> Result<u64, Failure> {
    let select = "SELECT o.event_id, o.data FROM outbox o WHERE o.blanked_at IS NULL AND o.occurred_at < $1 AND NOT EXISTS \
                  (SELECT 1 FROM delivery d WHERE d.event_id = o.event_id) LIMIT $2";
    let rows: Vec<EventRow> = uow.all(select, params![before, BATCH]).await?;
    for row in &rows {
        let mut data: serde_json::Value =
            serde_json::from_str(&row.data).map_err(Failure::internal)?;
        if let Some(personal) = data.get_mut("personal") {
            *personal = serde_json::Value::Null;
        }
        let update = "UPDATE outbox SET data = $2, blanked_at = $3 WHERE event_id = $1";
        uow.run(update, params![row.event_id, data.to_string(), uow.now()]).await?;
    }
    Ok(rows.len() as u64)
}
