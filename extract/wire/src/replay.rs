use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::token::{Claims, Refused};

/// How many calls of a minute are remembered; 10,000 a second for the 65 s that a token can live.
const MOST: usize = 650_000;

/// The attempts that were made while their tokens live. Its memory is bounded.
#[derive(Debug, Default)]
pub struct Seen(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    attempts: HashSet<(String, u32)>,
    by_end: VecDeque<(i64, (String, u32))>,
}

impl Seen {
    /// Refuses an attempt that was noted before, and notes it until `end`.
    pub(crate) fn note(&self, claims: &Claims, now: i64, end: i64) -> Result<(), Refused> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Ends differ from the order of arrival by seconds at most: some are kept a little longer, none is dropped early.
        while let Some((_, over)) = seen.by_end.pop_front_if(|(end, _)| *end < now) {
            seen.attempts.remove(&over);
        }
        if seen.attempts.len() >= MOST {
            return Err(Refused::TooMany);
        }
        let attempt = (claims.call.clone(), claims.attempt);
        if !seen.attempts.insert(attempt.clone()) {
            return Err(Refused::Replayed);
        }
        seen.by_end.push_back((end, attempt));
        Ok(())
    }
}
