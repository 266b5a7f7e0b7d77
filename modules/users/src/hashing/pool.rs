use std::sync::Arc;
use std::time::Duration;

use kernel::{Call, Failure, FailureKind};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Runs so many heavy jobs at once, beside the threads that serve requests; lets so many wait, and sends the others away.
pub(super) struct Pool {
    running: Arc<Semaphore>,
    inside: Arc<Semaphore>,
}

impl Pool {
    pub(super) fn new(threads: usize, queue: usize) -> Self {
        let inside = threads.saturating_add(queue).min(Semaphore::MAX_PERMITS);
        Self {
            running: Arc::new(Semaphore::new(threads)),
            inside: Arc::new(Semaphore::new(inside)),
        }
    }

    /// Runs a job when its turn comes. One whose caller left before is not run.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        call: &Call,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let inside = Arc::clone(&self.inside).try_acquire_owned().map_err(|_| overloaded())?;
        let turn = timeout(call.remaining(), Arc::clone(&self.running).acquire_owned())
            .await
            .map_err(|_| Failure::deadline().not_executed())?
            .map_err(Failure::internal)?;
        let held = (inside, turn); // until the job is over, even if its caller leaves
        let ran = spawn_blocking(move || {
            let answer = job();
            drop(held);
            answer
        });
        ran.await.map_err(|panic| Failure::new(FailureKind::Panicked).because(panic).not_executed())
    }
}

fn overloaded() -> Failure {
    Failure::new(FailureKind::Overloaded).not_executed().retry_after(RETRY_AFTER)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use kernel::{Executed, ModuleName};

    use super::*;

    fn call() -> Call {
        Call::system(ModuleName::new("users"), Duration::from_secs(10))
    }

    #[tokio::test]
    async fn one_too_many_is_sent_away_and_the_others_run_in_turn() {
        let pool = Arc::new(Pool::new(1, 1));
        let (release, released) = mpsc::channel::<()>();
        let run = |job: Box<dyn FnOnce() -> u32 + Send>| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(&call(), job).await })
        };
        let first = run(Box::new(move || released.recv().map_or(0, |()| 1)));
        let second = run(Box::new(|| 2));
        while pool.inside.available_permits() > 0 {
            tokio::task::yield_now().await;
        }

        let third = pool.run(&call(), || 3).await.unwrap_err();
        release.send(()).unwrap();

        assert_eq!(third.kind, FailureKind::Overloaded);
        assert_eq!(third.executed, Executed::No);
        assert_eq!(third.retry_after, Some(RETRY_AFTER));
        assert_eq!(first.await.unwrap().unwrap(), 1);
        assert_eq!(second.await.unwrap().unwrap(), 2);
        assert_eq!(pool.run(&call(), || 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn who_waits_past_the_deadline_is_not_run() {
        let pool = Arc::new(Pool::new(1, 1));
        let (release, released) = mpsc::channel::<()>();
        let held = Arc::clone(&pool);
        let first = tokio::spawn(async move { held.run(&call(), move || released.recv()).await });
        while pool.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }

        let late = Call::system(ModuleName::new("users"), Duration::ZERO);
        let second = pool.run(&late, || 2).await.unwrap_err();
        release.send(()).unwrap();

        assert_eq!((second.kind, second.executed), (FailureKind::Deadline, Executed::No));
        first.await.unwrap().unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_job_that_panics_leaves_room_for_the_next() {
        let pool = Pool::new(1, 0);

        let panicked = pool.run(&call(), || panic!("a job of a test")).await;

        assert!(matches!(panicked, Err(Failure { kind: FailureKind::Panicked, .. })));
        assert_eq!(pool.run(&call(), || 1).await.unwrap(), 1);
    }
}
