use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use extract_wire::Serving;
use futures_util::future::BoxFuture;
use kernel::Clock;
use kernel::contract::Unattended;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::HostError;
use super::opening::{answers, bind, keys, open, places, serving};
use super::stopped::Stopped;
use crate::contracts::Wired;
use crate::internal::Addresses;
use crate::placement::Part;
use crate::settings::Settings;
use crate::transports::Transports;
use crate::{edge, print, telemetry};

/// All that is to be done before the end.
const END: Duration = Duration::from_millis(9_500);
/// How long what is under way may take when nobody is answered any more: calls first, then what runs in the background.
const LAST: Duration = Duration::from_millis(1_500);
/// What of the time is kept for each of the two, however long answers take.
const KEPT: Duration = Duration::from_millis(700);
/// What of it may be left to the collector of traces.
const TOLD: Duration = Duration::from_secs(2);

/// Something that listens beside the internal listener, such as the gateway.
pub struct Front {
    /// Where it listens.
    pub listener: TcpListener,
    /// What answers.
    pub router: Router,
    /// What it has still to do when nobody asks any more.
    pub last: BoxFuture<'static, ()>,
}

/// A process with its modules, ready to serve.
pub struct Host {
    pub(super) settings: Settings,
    pub(super) wired: Wired,
    internal: TcpListener,
    answers: Router,
    transports: Transports,
    serving: Arc<Serving>,
    drain: CancellationToken,
    stopped: Stopped,
}

impl Host {
    /// Binds the internal listener, opens the databases and builds the modules.
    pub async fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        part: Part<'_>,
    ) -> Result<Self, HostError> {
        let metrics = telemetry::measure()?;
        let stopped = Stopped::listen()?;
        let places = places(&settings, part)?;
        let internal = bind("server.internal_address", settings.server.internal_address).await?;
        let keys = keys(&settings)?;
        let transports =
            Transports::new(Arc::clone(&keys), Arc::clone(&clock), &settings.nats).await?;
        let wired = open(&settings, &places, &transports, &clock).await?;
        let serving = serving(&wired, &keys, &clock);
        let answers = answers(&wired, part, metrics, &serving);
        let drain = CancellationToken::new();
        Ok(Self { settings, wired, internal, answers, transports, serving, drain, stopped })
    }

    /// The modules.
    pub fn wired(&self) -> &Wired {
        &self.wired
    }

    /// Cancelled when the process begins to stop.
    pub fn drain(&self) -> CancellationToken {
        self.drain.clone()
    }

    /// Where the internal listener listens.
    pub fn internal_address(&self) -> io::Result<SocketAddr> {
        self.internal.local_addr()
    }

    /// Serves until the process is told to stop; then finishes what is under way, within ten seconds.
    pub async fn serve(self, front: Option<Front>) -> Result<(), HostError> {
        let Self { settings, wired, internal, answers, transports, serving, drain, mut stopped } =
            self;
        let Wired { assembled, databases, .. } = wired;
        let (stop, tasks, servers) =
            (CancellationToken::new(), TaskTracker::new(), TaskTracker::new());
        assembled.background.start(&tasks, &stop);
        let address = internal.local_addr()?;
        let public = front.as_ref().map(|front| front.listener.local_addr()).transpose()?;
        let _written = public
            .map(|public| Addresses { public, internal: address }.write(settings.directory()))
            .transpose()?;
        let (outside, last) =
            front.map(|front| ((front.listener, front.router), front.last)).unzip();
        for (listener, router) in outside.into_iter().chain([(internal, answers)]) {
            let (settings, drain) = (settings.server.clone(), drain.clone());
            servers.spawn(async move { edge::serve(listener, router, &settings, drain).await });
        }
        let over_broker = match transports.broker() {
            Some(broker) => Some(broker.serve(serving, settings.server.drain()).await?),
            None => None,
        };
        announce(public, address)?;

        stopped.wait().await;
        let end = Instant::now() + END;
        tracing::info!("stopping");
        drain.cancel();
        if let Some(served) = over_broker {
            servers.spawn(served.stop());
        }
        finish(&servers, last, &assembled.unattended, (&tasks, &stop), end).await;
        drop(databases);
        telemetry::told(end.saturating_duration_since(Instant::now()).min(TOLD)).await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Says where the process listens: what starts it waits for this line.
fn announce(public: Option<SocketAddr>, internal: SocketAddr) -> io::Result<()> {
    print::line(&match public {
        Some(public) => {
            format!("galleria is listening on http://{public} (internal http://{internal})")
        }
        None => format!("galleria is listening (internal http://{internal})"),
    })
}

/// Lets what is under way come to its end: answers, then what the front has begun and the writes whose callers went away,
/// then what runs besides. Nothing of it is waited for past `end`.
async fn finish(
    servers: &TaskTracker,
    begun: Option<BoxFuture<'static, ()>>,
    unattended: &Unattended,
    (tasks, stop): (&TaskTracker, &CancellationToken),
    end: Instant,
) {
    servers.close();
    if timeout_at(end - 2 * KEPT, servers.wait()).await.is_err() {
        tracing::warn!("left requests unanswered");
    }
    let calls = async {
        if let Some(begun) = begun {
            begun.await;
        }
        unattended.idle().await;
    };
    if timeout_at(soon(end - KEPT), calls).await.is_err() {
        tracing::warn!(calls = unattended.count(), "left calls unfinished");
    }
    stop.cancel();
    tasks.close();
    if timeout_at(soon(end), tasks.wait()).await.is_err() {
        tracing::warn!("left work to the next start");
    }
}

fn soon(end: Instant) -> Instant {
    end.min(Instant::now() + LAST)
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_in_time_although_nothing_else_does() {
        let (servers, tasks, stop) =
            (TaskTracker::new(), TaskTracker::new(), CancellationToken::new());
        servers.spawn(pending::<()>());
        tasks.spawn(pending::<()>());
        let (started, unattended) = (Instant::now(), Unattended::default());

        let begun = Some(pending().boxed());
        finish(&servers, begun, &unattended, (&tasks, &stop), started + END).await;

        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        assert!(stop.is_cancelled());
    }
}
