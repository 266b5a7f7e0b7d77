use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::{Failure, FailureKind};

/// When a contract that does not answer is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// After so many calls in a row that nobody answered in time. 0 is never.
    pub failures: u32,
    /// For so long; then one call tries again, and the others if it is answered.
    pub rest: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 50, rest: Duration::from_secs(1) }
    }
}

/// Fails calls at once that would only wait for nobody.
#[derive(Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    start: Instant,
    in_a_row: AtomicU32,
    /// Microseconds after `start`; 0 while calls flow.
    rests_until: AtomicU64,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        let (in_a_row, rests_until) = (AtomicU32::new(0), AtomicU64::new(0));
        Self { settings, start: Instant::now(), in_a_row, rests_until }
    }

    /// Refuses a call while the contract rests. The first one after that is let through to try.
    pub(super) fn admit(&self) -> Result<(), Failure> {
        let until = self.rests_until.load(Ordering::Relaxed);
        if until == 0 {
            return Ok(());
        }
        let now = self.now();
        let next = now.saturating_add(micros(self.settings.rest));
        let (done, kept) = (Ordering::Relaxed, Ordering::Relaxed);
        if now >= until && self.rests_until.compare_exchange(until, next, done, kept).is_ok() {
            return Ok(());
        }
        let wait = Duration::from_micros(until.saturating_sub(now));
        let failure = Failure::unavailable("it did not answer lately, and is left alone");
        Err(failure.not_executed().retry_after(wait))
    }

    /// Learns what a call that was let through came to.
    pub(super) fn note(&self, failed: Option<FailureKind>) {
        if !matches!(failed, Some(FailureKind::Unavailable | FailureKind::Deadline)) {
            // A failure that is noted at the same time may count before this and begin the rest after it.
            if self.in_a_row.load(Ordering::Relaxed) != 0
                || self.rests_until.load(Ordering::Relaxed) != 0
            {
                self.in_a_row.store(0, Ordering::Relaxed);
                self.rests_until.store(0, Ordering::Relaxed);
            }
            return;
        }
        let in_a_row = self.in_a_row.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if self.settings.failures != 0 && in_a_row >= self.settings.failures {
            let until = self.now().saturating_add(micros(self.settings.rest)).max(1);
            self.rests_until.store(until, Ordering::Relaxed);
        }
    }

    fn now(&self) -> u64 {
        micros(self.start.elapsed())
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_that_began_beside_a_success_ends_with_the_next() {
        let breaker = Breaker::new(BreakerSettings::default());
        breaker.rests_until.store(1, Ordering::Relaxed);

        breaker.note(None);

        assert!(breaker.admit().is_ok() && breaker.admit().is_ok());
    }
}
