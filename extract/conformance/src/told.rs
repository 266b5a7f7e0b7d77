use std::fmt::Debug;
use std::time::Duration;

use kernel::{CallError, Failure};

/// What a caller can tell of an outcome.
pub fn told<T: Debug, R: Debug>(outcome: &Result<T, CallError<R>>) -> String {
    match outcome {
        Ok(answer) => format!("{answer:?}"),
        Err(CallError::Refused(refusal)) => format!("{refusal:?}"),
        Err(CallError::Failed(failure)) => told_of(failure),
    }
}

/// What a caller can tell of a failure.
pub fn told_of(failure: &Failure) -> String {
    let wait: Option<Duration> = failure.retry_after;
    format!("{:?} {:?} {wait:?}", failure.kind, failure.executed)
}
