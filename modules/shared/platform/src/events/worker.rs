use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use kernel::{Clock, Envelope, Failure, FailureKind, TraceContext};
use tokio_util::sync::CancellationToken;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use super::handler::Handler;
use super::queue::{EVENTS, InboxRow, Queue};
use super::settings::EventSettings;
use crate::db::{Database, UnitOfWork};
use crate::{fault, jobs};

/// Handles the events of one subscription, in order per key. Several processes may do so side by side.
pub struct Worker {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: EventSettings,
    pub(crate) subscription: &'static str,
    pub(crate) handler: Arc<dyn Handler>,
}

/// What became of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Handled,
    PutOff,
    /// By another process, or held by an earlier event.
    Taken,
}

impl Worker {
    /// Handles until it is told to stop: at once when something arrives, and every now and then.
    pub async fn run(self, stop: CancellationToken) {
        let arrived = self.database.workers().of(self.subscription);
        let mut failed = 0;
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(false) => failed = 0,
                Ok(true) => {
                    failed = 0;
                    continue;
                }
                Err(failure) => {
                    failed += 1;
                    let name = self.subscription;
                    tracing::error!(subscription = name, error = %failure.chain(), "worker of {name} failed, tries again");
                    let (first, most) =
                        (self.settings.first_backoff, self.settings.longest_relay_backoff);
                    let wait = jobs::pause(jobs::backoff(first, most, failed));
                    let _stopped = stop.run_until_cancelled(wait).await;
                    continue;
                }
            }
            tokio::select! {
                () = arrived.notified() => {}
                () = jobs::pause(self.settings.poll) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Handles what is due, once; says whether there was something to do.
    pub(crate) async fn step(&self) -> Result<bool, Failure> {
        let (due, holding) = self.queue().heads(&self.database, self.clock.now()).await?;
        for head in &holding {
            let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
            self.queue().hold(&uow, head).await?;
            uow.commit().await?;
        }
        // What failed before is likely to fail again, and would take others with it.
        let (again, first): (Vec<_>, Vec<_>) = due.iter().partition(|head| head.attempts > 0);
        let first: Vec<&str> = first.into_iter().map(|head| head.id.as_str()).collect();
        let mut busy = !holding.is_empty() | self.together(&first).await?;
        for head in again {
            busy |= self.alone(&head.id).await? != Outcome::Taken;
        }
        Ok(busy)
    }

    fn queue(&self) -> Queue<'static> {
        Queue { subscription: self.subscription }
    }

    /// Handles the events of the keys in one transaction. After a failure it starts over, one event a transaction.
    async fn together(&self, heads: &[&str]) -> Result<bool, Failure> {
        if heads.is_empty() {
            return Ok(false);
        }
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        let batch = self.queue().take(&uow, heads, EVENTS).await?;
        if batch.is_empty() {
            return Ok(false);
        }
        if self.handle_all(uow, &batch).await.is_err() {
            let mut held: BTreeSet<&str> = BTreeSet::new();
            for row in &batch {
                if !held.contains(row.key.as_str())
                    && self.alone(&row.id).await? != Outcome::Handled
                {
                    held.insert(&row.key);
                }
            }
        }
        Ok(true)
    }

    /// Handles one event, if it is the first of its key and nobody else works on that.
    async fn alone(&self, id: &str) -> Result<Outcome, Failure> {
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        let Some(row) = self.queue().take(&uow, &[id], 1).await?.into_iter().next() else {
            return Ok(Outcome::Taken);
        };
        let Err(failure) = self.handle_all(uow, std::slice::from_ref(&row)).await else {
            return Ok(Outcome::Handled);
        };
        self.put_off(&row, &failure).await?;
        Ok(Outcome::PutOff)
    }

    async fn handle_all(&self, uow: UnitOfWork, batch: &[InboxRow]) -> Result<(), Failure> {
        for row in batch {
            self.handle(&uow, row).await?;
        }
        self.queue().finish(&uow, batch).await?;
        fault::reach("events.before-handled-commit");
        uow.commit().await?;
        fault::reach("events.handled");
        self.count(batch.len(), "handled");
        Ok(())
    }

    /// A handler that panics or hangs has failed, like one that says so.
    async fn handle(&self, uow: &UnitOfWork, row: &InboxRow) -> Result<(), Failure> {
        let envelope = row.envelope()?;
        let span = self.span(&envelope);
        let handling = AssertUnwindSafe(self.handler.handle(uow, &envelope)).catch_unwind();
        let handling = handling.instrument(span.clone());
        let handled = match tokio::time::timeout(self.settings.handler_timeout, handling).await {
            Ok(Ok(handled)) => handled,
            Ok(Err(_)) => Err(Failure::new(FailureKind::Panicked)),
            Err(_) => Err(Failure::deadline()),
        };
        handled.inspect_err(|_| {
            span.record("otel.status_code", "error");
        })
    }

    /// In the trace of what the event tells of.
    fn span(&self, envelope: &Envelope) -> Span {
        let span = tracing::debug_span!(
            "handle",
            otel.name = self.subscription,
            otel.kind = "consumer",
            otel.status_code = Empty,
            event.name = envelope.name,
            event.id = %envelope.id,
        );
        let trace = envelope.traceparent.as_ref().and_then(|trace| trace.parse().ok());
        match trace {
            Some(trace) => TraceContext::adopt(trace, span),
            None => span,
        }
    }

    async fn put_off(&self, row: &InboxRow, failure: &Failure) -> Result<(), Failure> {
        let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX).saturating_add(1);
        let parked = attempts >= self.settings.max_attempts;
        let wait =
            jobs::backoff(self.settings.first_backoff, self.settings.longest_backoff, attempts);
        let (name, error) = (self.subscription, failure.chain());
        let uow = UnitOfWork::begin(&self.database, self.clock.now()).await?;
        let until = (parked, attempts, uow.now().plus(wait));
        self.queue().put_off(&uow, row, until, &error).await?;
        uow.commit().await?;
        self.count(1, if parked { "parked" } else { "failed" });
        tracing::warn!(
            subscription = name,
            event.id = row.event_id,
            attempts,
            parked,
            error,
            "{name} failed to handle an event"
        );
        Ok(())
    }

    fn count(&self, events: usize, outcome: &'static str) {
        metrics::counter!("galleria_events_total", "subscription" => self.subscription, "outcome" => outcome)
            .increment(events as u64);
    }
}
