//! What the modules of this process do when nobody calls them.

use std::sync::Arc;
use std::time::Duration;

use carts::CartsModule;
use kernel::Failure;
use payments::PaymentsModule;
use platform::saga::SagaRunner;
use platform::{RunningEvents, jobs};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use users::UsersModule;

const OFTEN: Duration = Duration::from_secs(1);
const SELDOM: Duration = Duration::from_mins(10);

/// What the modules of this process do when nobody calls them.
pub struct Background {
    /// Relays, workers and sweepers of events.
    pub events: RunningEvents,
    /// What takes up orders that were left half-way.
    pub sagas: SagaRunner,
    /// What settles payments that were left half-way.
    pub payments: Arc<PaymentsModule>,
    /// What deletes carts that nobody wants any more.
    pub carts: Arc<CartsModule>,
    /// How long a cart is wanted.
    pub abandoned_after: Duration,
    /// What deletes sessions that are over.
    pub users: Arc<UsersModule>,
}

impl Background {
    /// Starts all of it. It ends soon after `stop`.
    pub fn start(self, tasks: &TaskTracker, stop: &CancellationToken) {
        let Self { events, sagas, payments, carts, abandoned_after, users } = self;
        events.spawn(tasks, stop);
        tasks.spawn(sagas.run(stop.clone()));
        tasks.spawn(every(OFTEN, "settle payments", stop.clone(), async move || {
            payments.settle_pending().await.map(|()| 0)
        }));
        tasks.spawn(every(SELDOM, "delete abandoned carts", stop.clone(), async move || {
            carts.sweep(abandoned_after).await
        }));
        tasks.spawn(every(
            SELDOM,
            "delete what is over of sessions",
            stop.clone(),
            async move || users.sweep().await,
        ));
    }
}

/// Does something now and then, and again at once for as long as it had something to do.
async fn every(
    pause: Duration,
    what: &'static str,
    stop: CancellationToken,
    work: impl AsyncFn() -> Result<u64, Failure>,
) {
    while !stop.is_cancelled() {
        match work().await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(failure) => tracing::error!(error = %failure.chain(), "could not {what}"),
        }
        let _stopped = stop.run_until_cancelled(jobs::pause(pause)).await;
    }
}
