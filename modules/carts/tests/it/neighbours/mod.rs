mod catalog;
mod inventory;

pub(crate) use catalog::FakeCatalog;
pub(crate) use inventory::{FakeInventory, Mood};

use kernel::{CallError, Failure};

/// What a neighbour answers that is down, and all that these tests never ask.
fn down<T, R>() -> Result<T, CallError<R>> {
    Err(Failure::unavailable("the neighbour is down").into())
}
