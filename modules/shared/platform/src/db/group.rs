use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use kernel::Failure;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};
use tokio::task::AbortHandle;

use super::live::{Live, failed};
use super::pool::Opener;
use super::unsettled::Unsettled;

/// The one writer of a file. Units of work that wait for it together are committed together, a savepoint each, and
/// answered after the common commit.
pub(crate) struct SqliteWriter {
    group: Arc<Mutex<Group>>,
    unsettled: Arc<Unsettled>,
    wake: Arc<Notify>,
    committer: AbortHandle,
}

/// The open transaction, and who waits for its commit.
struct Group {
    opener: Opener,
    connection: Option<Live>,
    begun: bool,
    /// A unit of work is in it, or was dropped without a commit.
    unit_open: bool,
    waiting: Vec<oneshot::Sender<Result<(), Failure>>>,
    unsettled: Arc<Unsettled>,
}

/// A unit of work's place in the group: a savepoint. Dropped without a commit, it is rolled back before the next one begins.
pub(crate) struct SqliteUnit {
    /// None once it was released.
    group: Option<OwnedMutexGuard<Group>>,
    _wake: WakeOnDrop,
}

impl Drop for SqliteUnit {
    fn drop(&mut self) {
        if let Some(group) = self.group.as_ref().filter(|group| !group.waiting.is_empty()) {
            group.unsettled.note();
        }
    }
}

struct WakeOnDrop(Arc<Notify>);

impl Drop for WakeOnDrop {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl SqliteWriter {
    pub(super) fn new(opener: Opener) -> Self {
        let (connection, waiting) = (None, Vec::new());
        let unsettled = Arc::<Unsettled>::default();
        let (begun, unit_open, noted) = (false, false, Arc::clone(&unsettled));
        let group = Group { opener, connection, begun, unit_open, waiting, unsettled: noted };
        let group = Arc::new(Mutex::new(group));
        let wake = Arc::new(Notify::new());
        let committer =
            tokio::spawn(commit_groups(Arc::clone(&group), Arc::clone(&wake))).abort_handle();
        Self { group, unsettled, wake, committer }
    }

    /// Waits until everything is committed that units of work saw which ended without a commit.
    pub(super) async fn settled(&self) -> Result<(), Failure> {
        self.unsettled.settled().await
    }

    pub(super) async fn begin(&self) -> Result<SqliteUnit, Failure> {
        let (group, wake) = (Arc::clone(&self.group), Arc::clone(&self.wake));
        to_its_end(async move {
            let mut group = group.lock_owned().await;
            let wake = WakeOnDrop(wake);
            group.begin_unit().await?;
            Ok(SqliteUnit { group: Some(group), _wake: wake })
        })
        .await
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        self.committer.abort();
    }
}

impl SqliteUnit {
    pub(super) fn live(&mut self) -> Result<&mut Live, Failure> {
        let live = self.group.as_mut().and_then(|group| group.connection.as_mut());
        live.ok_or_else(|| Failure::unavailable("the database gave up the transaction"))
    }

    pub(super) async fn commit(self) -> Result<(), Failure> {
        let committed = to_its_end(self.release()).await?;
        committed.await.unwrap_or_else(|_| {
            Err(Failure::unavailable("the database was closed before the commit"))
        })
    }

    /// Leaves the group open to the next one, to be committed with it.
    async fn release(mut self) -> Result<oneshot::Receiver<Result<(), Failure>>, Failure> {
        let given_up = || Failure::unavailable("the database gave up the transaction");
        let mut group = self.group.take().ok_or_else(given_up)?;
        group.script("RELEASE unit").await?;
        group.unit_open = false;
        let (answer, committed) = oneshot::channel();
        group.waiting.push(answer);
        Ok(committed)
    }
}

impl Group {
    async fn begin_unit(&mut self) -> Result<(), Failure> {
        let _ = self.undo_unit().await; // whoever waits was told
        if self.connection.is_none() {
            self.connection = Some(self.opener.open().await.map_err(failed)?);
        }
        let begin = if self.begun { "SAVEPOINT unit" } else { "BEGIN IMMEDIATE; SAVEPOINT unit" };
        self.script(begin).await?;
        (self.begun, self.unit_open) = (true, true);
        Ok(())
    }

    /// Undoes a unit of work that ended without a commit. `SQLite` may have given up the whole transaction with it, as when
    /// the disk is full; then its savepoint is gone.
    async fn undo_unit(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.unit_open) {
            self.script("ROLLBACK TO unit; RELEASE unit").await?;
        }
        Ok(())
    }

    async fn commit(&mut self) {
        if self.undo_unit().await.is_err() || !self.begun {
            return;
        }
        let end = if self.waiting.is_empty() { "ROLLBACK" } else { "COMMIT" };
        if self.script(end).await.is_ok() {
            self.begun = false;
            self.answer(&Ok(()));
            self.unsettled.committed();
            metrics::counter!("galleria_sqlite_commits_total").increment(1);
        }
    }

    /// Runs a step of the transaction. If that fails the transaction is given up.
    async fn script(&mut self, sql: &str) -> Result<(), Failure> {
        let Some(live) = &mut self.connection else {
            return Err(Failure::unavailable("the database gave up the transaction"));
        };
        let done = live.script(sql).await.map_err(failed);
        if let Err(failure) = &done {
            self.abandon(failure);
        }
        done
    }

    /// Gives the transaction up with its connection, and tells everybody in it.
    fn abandon(&mut self, failure: &Failure) {
        tracing::error!(error = %failure.chain(), "gave up a group of units of work");
        self.connection = None;
        (self.begun, self.unit_open) = (false, false);
        self.answer(&Err(failure.clone()));
        self.unsettled.abandoned();
    }

    fn answer(&mut self, outcome: &Result<(), Failure>) {
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(outcome.clone());
        }
    }
}

/// The lock is fair: whoever waits for it when a commit is asked for gets into the same commit.
async fn commit_groups(group: Arc<Mutex<Group>>, wake: Arc<Notify>) {
    loop {
        wake.notified().await;
        let mut group = group.lock().await;
        if AssertUnwindSafe(group.commit()).catch_unwind().await.is_err() {
            group.abandon(&Failure::internal("the commit panicked"));
        }
    }
}

/// Runs a step to its end even if nobody waits for it any more, so that the transaction is never left half-way through it.
async fn to_its_end<T: Send + 'static>(
    step: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(step).await.map_err(Failure::internal)?
}
