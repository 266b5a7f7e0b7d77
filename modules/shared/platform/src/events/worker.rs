use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use kernel::{Clock, Envelope, Failure, FailureKind, ModuleName, Timestamp};
use sea_orm::FromQueryResult;
use tokio_util::sync::CancellationToken;

use super::handler::Handler;
use super::marks::mark;
use super::settings::EventSettings;
use crate::db::{Database, Sql as _, UnitOfWork, parsed, placeholders};
use crate::{fault, jobs, params};

const KEYS: i64 = 200;
const EVENTS: i64 = 500;

/// Handles the events of one subscription, in order per key. Several processes may do so side by side.
pub struct Worker {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: EventSettings,
    pub(crate) subscription: &'static str,
    pub(crate) handler: Arc<dyn Handler>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing is due.
    Idle,
    /// So many events were handled.
    Handled(usize),
    /// Some failed and were put off or parked.
    Failed,
}

#[derive(FromQueryResult, Clone)]
struct InboxRow {
    id: String,
    generation: i64,
    event_id: String,
    name: String,
    key: String,
    sequence: i64,
    occurred_at: i64,
    traceparent: Option<String>,
    data: String,
    state: String,
    attempts: i64,
}

impl Worker {
    /// Handles until it is told to stop: at once when something arrives, and every now and then.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(Step::Idle) => {}
                Ok(Step::Handled(_) | Step::Failed) => continue,
                Err(failure) => {
                    let name = self.subscription;
                    tracing::error!(subscription = name, error = %failure.chain(), "worker of {name} failed, tries again");
                    jobs::pause(self.settings.first_backoff).await;
                }
            }
            tokio::select! {
                () = self.database.arrivals().next(self.subscription) => {}
                () = jobs::pause(self.settings.poll) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Handles what is due in one transaction. After a failure it starts over, one event a transaction.
    pub(crate) async fn step(&self) -> Result<Step, Failure> {
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        let batch = self.due(&uow).await?;
        if batch.is_empty() {
            return Ok(Step::Idle);
        }
        for row in &batch {
            if self.handle(&uow, row).await.is_err() {
                drop(uow);
                self.one_by_one(&batch).await?;
                return Ok(Step::Failed);
            }
        }
        self.finish(&uow, &batch).await?;
        fault::reach("events.before-handled-commit");
        uow.commit().await?;
        fault::reach("events.handled");
        self.count(&batch, "handled");
        Ok(Step::Handled(batch.len()))
    }

    /// The events whose key nobody else works on, lowest sequence first, up to the first of each key that is parked.
    async fn due(&self, uow: &UnitOfWork) -> Result<Vec<InboxRow>, Failure> {
        let heads = format!(
            "SELECT i.key FROM inbox i WHERE i.subscription = $1 AND i.state = 'pending' AND i.due_at <= $2 \
             AND NOT EXISTS (SELECT 1 FROM inbox e WHERE e.subscription = i.subscription AND e.generation = i.generation \
             AND e.key = i.key AND e.state IN ('pending', 'parked') AND e.sequence < i.sequence) LIMIT {KEYS}{}",
            self.database.skip_locked()
        );
        let heads = uow.query(&heads, params![self.subscription, uow.now()]).await?;
        let keys: BTreeSet<String> = heads
            .iter()
            .map(|row| row.try_get_by_index(0))
            .collect::<Result<_, _>>()
            .map_err(Failure::internal)?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let select = format!(
            "SELECT id, generation, event_id, name, key, sequence, occurred_at, traceparent, data, \
             CASE WHEN due_at > $2 THEN 'later' ELSE state END AS state, attempts \
             FROM inbox WHERE subscription = $1 AND state IN ('pending', 'parked') AND key IN {} \
             ORDER BY generation, sequence LIMIT {EVENTS}",
            placeholders(1, keys.len(), 3)
        );
        let mut values = params![self.subscription, uow.now()];
        values.extend(keys.iter().flat_map(|key| params![key]));
        Ok(up_to_the_first_that_waits(uow.all(&select, values).await?))
    }

    /// A handler that panics or hangs has failed, like one that says so.
    async fn handle(&self, uow: &UnitOfWork, row: &InboxRow) -> Result<(), Failure> {
        let envelope = row.envelope()?;
        let handling = AssertUnwindSafe(self.handler.handle(uow, &envelope)).catch_unwind();
        match tokio::time::timeout(self.settings.handler_timeout, handling).await {
            Ok(Ok(handled)) => handled,
            Ok(Err(_)) => Err(Failure::new(FailureKind::Panicked)),
            Err(_) => Err(Failure::deadline()),
        }
    }

    async fn one_by_one(&self, batch: &[InboxRow]) -> Result<(), Failure> {
        let mut held: BTreeSet<(i64, &str)> = BTreeSet::new();
        for row in batch.iter() {
            if held.contains(&(row.generation, row.key.as_str())) {
                continue;
            }
            let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
            if !self.still_next(&uow, row).await? {
                held.insert((row.generation, &row.key));
                continue;
            }
            match self.handle(&uow, row).await {
                Ok(()) => {
                    self.finish(&uow, std::slice::from_ref(row)).await?;
                    uow.commit().await?;
                    self.count(std::slice::from_ref(row), "handled");
                }
                Err(failure) => {
                    drop(uow);
                    held.insert((row.generation, &row.key));
                    self.put_off(row, &failure).await?;
                }
            }
        }
        Ok(())
    }

    /// Takes the event for this transaction, unless another process handled or holds it by now.
    async fn still_next(&self, uow: &UnitOfWork, row: &InboxRow) -> Result<bool, Failure> {
        let select = format!(
            "SELECT id FROM inbox i WHERE i.id = $1 AND i.state = 'pending' AND NOT EXISTS (SELECT 1 FROM inbox e \
             WHERE e.subscription = i.subscription AND e.generation = i.generation AND e.key = i.key \
             AND e.state IN ('pending', 'parked') AND e.sequence < i.sequence){}",
            self.database.skip_locked()
        );
        Ok(!uow.query(&select, params![row.id]).await?.is_empty())
    }

    async fn put_off(&self, row: &InboxRow, failure: &Failure) -> Result<(), Failure> {
        let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX).saturating_add(1);
        let parked = attempts >= self.settings.max_attempts;
        let (state, name) = (if parked { "parked" } else { "pending" }, self.subscription);
        let wait =
            jobs::backoff(self.settings.first_backoff, self.settings.longest_backoff, attempts);
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        let update = "UPDATE inbox SET state = $2, attempts = $3, due_at = $4, cause = $5 WHERE id = $1 AND state = 'pending'";
        uow.run(update, params![row.id, state, attempts, uow.now().plus(wait), failure.chain()])
            .await?;
        uow.commit().await?;
        self.count(std::slice::from_ref(row), if parked { "parked" } else { "failed" });
        let error = failure.chain();
        tracing::warn!(
            subscription = name,
            event.id = row.event_id,
            attempts,
            state,
            error,
            "{name} failed to handle an event"
        );
        Ok(())
    }

    /// Notes what was handled, in the transaction of its effects.
    async fn finish(&self, uow: &UnitOfWork, batch: &[InboxRow]) -> Result<(), Failure> {
        let update = format!(
            "UPDATE inbox SET state = 'done', handled_at = $1, cause = NULL WHERE id IN {}",
            placeholders(1, batch.len(), 2)
        );
        let mut values = params![uow.now()];
        values.extend(batch.iter().flat_map(|row| params![row.id]));
        uow.run(&update, values).await?;
        let mut marks: BTreeMap<(i64, &str), i64> = BTreeMap::new();
        for row in batch {
            let highest = marks.entry((row.generation, &row.key)).or_default();
            *highest = row.sequence.max(*highest);
        }
        let marks: Vec<_> =
            marks.into_iter().map(|((generation, key), mark)| (generation, key, mark)).collect();
        mark(uow, self.subscription, &marks).await
    }

    fn count(&self, batch: &[InboxRow], outcome: &'static str) {
        metrics::counter!("galleria_events_total", "subscription" => self.subscription, "outcome" => outcome)
            .increment(batch.len() as u64);
    }
}

fn up_to_the_first_that_waits(rows: Vec<InboxRow>) -> Vec<InboxRow> {
    let mut waiting: BTreeSet<(i64, String)> = BTreeSet::new();
    rows.into_iter()
        .filter(|row| {
            let place = (row.generation, row.key.clone());
            if row.state != "pending" {
                waiting.insert(place);
                return false;
            }
            !waiting.contains(&place)
        })
        .collect()
}

impl InboxRow {
    fn envelope(&self) -> Result<Envelope, Failure> {
        Ok(Envelope {
            specversion: "1.0".to_owned(),
            id: parsed(&self.event_id)?,
            source: format!("/galleria/{}", ModuleName::of(&self.name)),
            name: self.name.clone(),
            time: Timestamp::from_micros(self.occurred_at),
            subject: self.key.clone(),
            sequence: self.sequence.unsigned_abs(),
            traceparent: self.traceparent.clone(),
            data: serde_json::from_str(&self.data).map_err(Failure::internal)?,
        })
    }
}
