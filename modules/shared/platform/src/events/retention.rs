use std::sync::Arc;

use kernel::{Clock, Failure};
use tokio_util::sync::CancellationToken;

use super::blanking::{Copies, note_told};
use super::settings::EventSettings;
use crate::db::{Database, UnitOfWork};
use crate::params;

const BATCH: i64 = 500;

/// Forgets what events no longer have to remember: handled inbox rows, old history, personal data.
pub struct Sweeper {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: EventSettings,
}

impl Sweeper {
    /// Forgets everything that is over, batch by batch, unless it is told to stop before.
    pub async fn sweep(&self, stop: &CancellationToken) -> Result<(), Failure> {
        note_told(&self.database, &*self.clock, stop).await?;
        while !stop.is_cancelled() && self.step().await? > 0 {}
        Ok(())
    }

    /// Forgets a batch of each kind; gives how many rows.
    async fn step(&self) -> Result<u64, Failure> {
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        uow.by_index().await?;
        let prune =
            "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE handled_at < $1 LIMIT $2)";
        let handled_before = uow.now().minus(self.settings.inbox_retention);
        let mut rows = uow.run(prune, params![handled_before, BATCH]).await?;
        if let Some(retention) = self.settings.retention {
            rows += forget_history(&uow, uow.now().minus(retention)).await?;
        }
        let before = uow.now().minus(self.settings.personal_retention);
        rows += Copies::OUTBOX.blank(&uow, before).await?;
        rows += Copies::INBOX.blank(&uow, before).await?;
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
