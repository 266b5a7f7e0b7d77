//! What can happen to any future that serves a call: it panics, or time is over.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt as _;

use crate::{CallError, Failure, FailureKind};

/// Runs a future whose panic is a failure.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    AssertUnwindSafe(future).catch_unwind().await.map_err(|panic| panicked(panic.as_ref()))
}

/// Runs a future until the deadline. It is polled once even if the deadline is near.
pub(super) async fn within<T>(
    deadline: Instant,
    future: impl Future<Output = T>,
) -> Result<T, Failure> {
    let timed = tokio::time::timeout_at(deadline.into(), future);
    timed.await.map_err(|_| Failure::deadline())
}

/// What a call came to, whatever stopped it.
pub(super) fn settled<T, R>(
    outcome: Result<Result<Result<T, CallError<R>>, Failure>, Failure>,
) -> Result<T, CallError<R>> {
    match outcome {
        Ok(Ok(answer)) => answer,
        Ok(Err(failure)) | Err(failure) => Err(failure.into()),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let said = panic.downcast_ref::<&str>().copied();
    let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Failure::new(FailureKind::Panicked).because(said.unwrap_or("a panic without words").to_owned())
}
