use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::Failure;

use super::inbox::{Inbox, Offered};
use super::parcels::{WRAPPING, size};

/// How many bytes an offer may have. Something on the way may take less than the inbox says, which shows when it refuses.
#[derive(Debug)]
pub(super) struct Limit(AtomicUsize);

impl Default for Limit {
    fn default() -> Self {
        Self(AtomicUsize::new(usize::MAX))
    }
}

impl Limit {
    /// As far as is known.
    pub(super) fn of(&self, inbox: &dyn Inbox) -> usize {
        self.0.load(Ordering::Relaxed).min(inbox.largest())
    }

    /// This was too much: about half of it is tried next or, if it was a single event, less than that.
    pub(super) fn lower(&self, refused: &[Offered]) -> Result<(), Failure> {
        let sizes = refused.iter().map(size).collect::<Result<Vec<usize>, _>>()?;
        let total = WRAPPING + sizes.iter().sum::<usize>();
        let lower = match &sizes[..] {
            [_] => total - 1,
            _ => (total / 2).max(WRAPPING + sizes.iter().max().copied().unwrap_or_default()),
        };
        self.0.fetch_min(lower, Ordering::Relaxed);
        Ok(())
    }
}
