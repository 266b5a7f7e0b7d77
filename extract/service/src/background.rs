use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use kernel::Failure;
use platform::{RunningEvents, jobs};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Something that goes on until it is told to stop.
pub(crate) type Job = Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>;

/// What the modules of this process do when nobody calls them.
pub struct Background {
    pub(crate) events: RunningEvents,
    pub(crate) jobs: Vec<Job>,
}

impl Background {
    /// Starts all of it. It ends soon after `stop`.
    pub fn start(self, tasks: &TaskTracker, stop: &CancellationToken) {
        self.events.spawn(tasks, stop);
        for job in self.jobs {
            tasks.spawn(job(stop.clone()));
        }
    }
}

/// How soon something is tried again that failed for the first time.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);

/// Does something now and then, and again at once for as long as it had something to do; soon again where it failed.
pub(crate) fn every<W>(
    pause: Duration,
    what: &'static str,
    work: impl Fn() -> W + Send + Sync + 'static,
) -> Job
where
    W: Future<Output = Result<u64, Failure>> + Send,
{
    Box::new(move |stop| {
        let repeated = async move {
            let mut failed = 0;
            while !stop.is_cancelled() {
                let wait = match work().await {
                    Ok(0) => {
                        failed = 0;
                        pause
                    }
                    Ok(_) => continue,
                    Err(failure) => {
                        tracing::error!(error = %failure.chain(), "could not {what}");
                        failed += 1;
                        jobs::backoff(FIRST_BACKOFF, pause, failed)
                    }
                };
                let _stopped = stop.run_until_cancelled(jobs::pause(wait)).await;
            }
        };
        repeated.boxed()
    })
}

/// Does something until it is done once.
pub(crate) fn until_done<W>(
    pause: Duration,
    what: &'static str,
    work: impl Fn() -> W + Send + Sync + 'static,
) -> Job
where
    W: Future<Output = Result<(), Failure>> + Send,
{
    Box::new(move |stop| {
        let tried = async move {
            while stop.run_until_cancelled(jobs::pause(pause)).await.is_some() {
                match work().await {
                    Ok(()) => return,
                    Err(failure) => {
                        tracing::warn!(error = %failure.chain(), "could not {what} yet");
                    }
                }
            }
        };
        tried.boxed()
    })
}
