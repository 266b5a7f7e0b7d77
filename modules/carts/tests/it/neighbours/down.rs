use kernel::{CallError, Failure};

/// What a neighbour answers that is down, and all that these tests never ask.
pub(super) fn down<T, R>() -> Result<T, CallError<R>> {
    Err(Failure::unavailable("the neighbour is down").into())
}
