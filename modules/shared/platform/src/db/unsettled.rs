use kernel::Failure;
use tokio::sync::watch;

/// Whether a unit of work that ended without a commit may have seen what others in its group had written and not committed
/// yet. Whoever goes on from there waits until they have.
#[derive(Debug)]
pub(super) struct Unsettled(watch::Sender<Groups>);

#[derive(Debug, Clone, Copy, Default)]
struct Groups {
    seen: bool,
    abandoned: u64,
}

impl Unsettled {
    /// Notes that somebody saw it.
    pub(super) fn note(&self) {
        self.0.send_modify(|groups| groups.seen = true);
    }

    /// Notes that the group was committed.
    pub(super) fn committed(&self) {
        self.0.send_if_modified(|groups| std::mem::take(&mut groups.seen));
    }

    /// Notes that the group was given up, and what was seen of it never was.
    pub(super) fn abandoned(&self) {
        self.0.send_modify(|groups| {
            *groups = Groups { seen: false, abandoned: groups.abandoned + 1 };
        });
    }

    /// Waits until everything that was seen is committed. Fails if it was given up instead.
    pub(super) async fn settled(&self) -> Result<(), Failure> {
        let before = *self.0.borrow();
        if !before.seen {
            return Ok(());
        }
        let mut groups = self.0.subscribe();
        let now = groups.wait_for(|groups| !groups.seen).await.map_err(Failure::unavailable)?;
        if now.abandoned == before.abandoned {
            return Ok(());
        }
        Err(Failure::unavailable("the database gave up what this was read from"))
    }
}

impl Default for Unsettled {
    fn default() -> Self {
        Self(watch::Sender::new(Groups::default()))
    }
}
