use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Failure, FailureKind};

/// How many calls of a contract may be under way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkheadSettings {
    /// That many; further ones fail at once, unexecuted.
    pub at_once: usize,
}

impl Default for BulkheadSettings {
    fn default() -> Self {
        Self { at_once: 4_096 }
    }
}

/// Keeps one busy contract from taking all there is.
#[derive(Debug)]
pub(super) struct Bulkhead {
    at_once: usize,
    inside: AtomicUsize,
}

/// A place inside, given back when dropped.
#[derive(Debug)]
pub(super) struct Permit(Arc<Bulkhead>);

impl Bulkhead {
    pub(super) fn new(settings: BulkheadSettings) -> Arc<Self> {
        Arc::new(Self { at_once: settings.at_once, inside: AtomicUsize::new(0) })
    }

    pub(super) fn enter(self: &Arc<Self>) -> Result<Permit, Failure> {
        let before = self.inside.fetch_add(1, Ordering::Relaxed);
        let permit = Permit(Arc::clone(self));
        if before < self.at_once {
            return Ok(permit);
        }
        let cause = format!("{before} calls are under way");
        Err(Failure::new(FailureKind::Overloaded).because(cause).not_executed())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::Relaxed);
    }
}
