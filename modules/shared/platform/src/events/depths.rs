use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Failure, Timestamp};
use sea_orm::FromQueryResult;
use tokio_util::sync::CancellationToken;

use crate::db::{Database, Sql as _};
use crate::{jobs, params};

const EVERY: Duration = Duration::from_secs(15);

/// Tells the metrics how many events wait at each subscription of a module, for how long, and how they fare.
pub(crate) struct Depths {
    database: Database,
    clock: Arc<dyn Clock>,
    /// What was reported before, and is told to be nothing once it is.
    seen: BTreeSet<(&'static str, String)>,
}

/// What waits, at the producer to be told or in the inbox to be handled.
#[derive(FromQueryResult, Default)]
struct Waiting {
    subscription: String,
    events: i64,
    oldest: Option<i64>,
    attempts: i64,
    parked: i64,
    /// How many keys a relay holds, as it waits for the confirmation.
    under_way: i64,
}

const UNTOLD: &str = "SELECT d.subscription, d.events, o.occurred_at AS oldest, CAST(0 AS BIGINT) AS attempts, \
     CAST(0 AS BIGINT) AS parked, d.under_way FROM (SELECT subscription, COUNT(*) AS events, MIN(event_id) AS first, \
     COUNT(CASE WHEN offered_until > $1 THEN 1 END) AS under_way FROM delivery GROUP BY subscription) AS d \
     LEFT JOIN outbox o ON o.event_id = d.first";

const UNHANDLED: &str = "SELECT subscription, COUNT(*) AS events, MIN(occurred_at) AS oldest, MAX(attempts) AS attempts, \
     COUNT(CASE WHEN state = 'parked' THEN 1 END) AS parked, CAST(0 AS BIGINT) AS under_way FROM inbox WHERE state IN ('pending', 'parked') \
     GROUP BY subscription";

/// Samples until it is told to stop.
pub(crate) async fn sample(mut depths: Vec<Depths>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for depths in &mut depths {
            if let Err(failure) = depths.sample().await {
                let module = depths.database.module();
                tracing::warn!(error = %failure.chain(), "could not count the events of {module}");
            }
        }
        let _stopped = stop.run_until_cancelled(jobs::pause(EVERY)).await;
    }
}

impl Depths {
    pub(crate) fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock, seen: BTreeSet::new() }
    }

    async fn sample(&mut self) -> Result<(), Failure> {
        let now = self.clock.now();
        for (stage, sql, values) in
            [("untold", UNTOLD, params![now]), ("unhandled", UNHANDLED, vec![])]
        {
            let waiting: Vec<Waiting> = self.database.all(sql, values).await?;
            let gone = std::mem::take(&mut self.seen);
            for (seen, name) in gone {
                if seen != stage {
                    self.seen.insert((seen, name));
                } else if waiting.iter().all(|waiting| waiting.subscription != name) {
                    Waiting { subscription: name, ..Waiting::default() }.report(stage, now);
                }
            }
            for waiting in waiting {
                waiting.report(stage, now);
                self.seen.insert((stage, waiting.subscription));
            }
        }
        Ok(())
    }
}

impl Waiting {
    fn report(&self, stage: &'static str, now: Timestamp) {
        let age = self.oldest.map_or(Duration::ZERO, |at| now.since(Timestamp::from_micros(at)));
        let gauge = |name: &'static str, value: f64| {
            let labels = [("subscription", self.subscription.clone()), ("stage", stage.to_owned())];
            metrics::gauge!(name, &labels).set(value);
        };
        gauge("galleria_events_waiting", number(self.events));
        gauge("galleria_events_oldest_seconds", age.as_secs_f64());
        gauge("galleria_events_attempts", number(self.attempts));
        gauge("galleria_events_parked", number(self.parked));
        gauge("galleria_events_keys_under_way", number(self.under_way));
    }
}

fn number(count: i64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
