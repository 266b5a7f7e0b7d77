use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::contract::Problem;

/// What a method did since the start, as the NATS service protocol counts it.
#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<Counted>);

#[derive(Debug, Clone, Default)]
pub(super) struct Counted {
    pub(super) requests: u64,
    pub(super) errors: u64,
    pub(super) last_error: String,
    pub(super) took: Duration,
}

impl Counts {
    /// Counts a call that took so long.
    pub(super) fn note(&self, took: Duration, problem: Option<&Problem>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.requests += 1;
        counted.took += took;
        if let Some(problem) = problem {
            counted.errors += 1;
            counted.last_error = format!("{}:{}", problem.status, problem.title);
        }
    }

    pub(super) fn read(&self) -> Counted {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Counted {
    /// Nanoseconds, of all calls and of each.
    pub(super) fn nanoseconds(&self) -> (u64, u64) {
        let all = u64::try_from(self.took.as_nanos()).unwrap_or(u64::MAX);
        (all, all.checked_div(self.requests).unwrap_or_default())
    }
}
