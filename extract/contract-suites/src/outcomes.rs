//! What a call came to.

use std::fmt::Debug;

use kernel::{CallError, Executed, FailureKind};

/// The refusal that was expected.
#[track_caller]
pub(crate) fn refused<T: Debug, R: Debug>(outcome: Result<T, CallError<R>>) -> R {
    match outcome {
        Err(CallError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// Fails unless the caller may not call at all, and nothing was done.
#[track_caller]
pub(crate) fn assert_denied<T: Debug, R: Debug>(outcome: Result<T, CallError<R>>) {
    match outcome {
        Err(CallError::Failed(failure)) => {
            assert_eq!((failure.kind, failure.executed), (FailureKind::Denied, Executed::No));
        }
        other => panic!("not denied: {other:?}"),
    }
}
