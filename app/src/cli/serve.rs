use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Call, Clock, Failure, Label, ModuleName, Secret};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use users_contract::CreateAdmin;

use super::arguments::Serve;
use super::failed::unanswered;
use super::{CommandError, Outcome, print};
use crate::databases::Databases;
use crate::gateway::{self, Gateway, Services};
use crate::internal::{self, Addresses, Internal, Seen, ServiceKeys};
use crate::settings::{AuthSettings, Settings};
use crate::telemetry;
use crate::wiring::{Wired, wire};

const NAME: ModuleName = ModuleName::new("gateway");
/// How long what a start needs may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long work that is under way in the background may take to end.
const LAST: Duration = Duration::from_millis(1_500);

/// Serves the shop until it is told to stop; then finishes what is under way, within ten seconds.
pub(super) async fn serve(
    settings: Settings,
    clock: Arc<dyn Clock>,
    how: Serve,
) -> Result<Outcome, CommandError> {
    let metrics = telemetry::measure()?;
    let mut stopped = Stopped::listen()?;
    let public = bind("server.address", settings.server.address).await?;
    let internal = bind("server.internal_address", settings.server.internal_address).await?;
    let databases = Databases::open(&settings, clock.now()).await?;
    let keys = ServiceKeys::open(&settings.service, settings.directory())?;
    let wired = wire(databases, Arc::clone(&clock), &settings).await?;
    prepare(&wired, &settings.auth, how).await?;

    let Wired { services, table, unattended, background, databases } = wired;
    let modules = services.operated.hosted();
    let inside = Internal { table, keys, seen: Seen::default(), modules, metrics, clock };
    let inside = internal::router(Arc::new(inside));
    let (drain, stop, tasks) =
        (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
    background.start(&tasks, &stop);
    let gateway = Gateway::new(services, settings.server.clone(), &settings.limits, drain.clone());
    let addresses = Addresses { public: public.local_addr()?, internal: internal.local_addr()? };
    let _written = addresses.write(settings.directory())?;
    let servers = TaskTracker::new();
    let outside = gateway::router(&gateway);
    for (listener, router) in [(public, outside), (internal, inside)] {
        let (settings, drain) = (settings.server.clone(), drain.clone());
        servers
            .spawn(async move { gateway::edge::serve(listener, router, &settings, drain).await });
    }
    print::line(&format!(
        "galleria is listening on http://{} (internal http://{})",
        addresses.public, addresses.internal
    ))?;

    stopped.wait().await;
    tracing::info!("stopping");
    drain.cancel();
    servers.close();
    servers.wait().await;
    gateway.writes_finished(LAST).await;
    if tokio::time::timeout(LAST, unattended.idle()).await.is_err() {
        tracing::warn!(calls = unattended.count(), "left calls unfinished");
    }
    stop.cancel();
    tasks.close();
    if tokio::time::timeout(LAST, tasks.wait()).await.is_err() {
        tracing::warn!("left work to the next start");
    }
    drop(databases);
    tracing::info!("stopped");
    Ok(Outcome::Well)
}

async fn bind(setting: &str, address: SocketAddr) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).await.map_err(|error| {
        CommandError::new(format!("can't listen on {address} ({setting}): {error}"))
    })
}

/// Makes the admin of the settings, and fills an empty shop.
async fn prepare(wired: &Wired, auth: &AuthSettings, how: Serve) -> Result<(), CommandError> {
    let call = Call::system(NAME, PATIENCE);
    if let (Some(email), Some(password)) = (&auth.admin_email, &auth.admin_password) {
        let name = Label::try_from("Admin".to_owned())?;
        let password = Secret::new(password.reveal());
        let request = CreateAdmin { email: email.clone(), password, name };
        let made = wired.services.users.create_admin(&call, request).await;
        made.map_err(|error| {
            CommandError::new(format!("settings auth.admin_*: {}", unanswered(error).text()))
        })?;
    }
    if !how.no_demo {
        fill(&wired.services, &wired.databases, &call).await?;
    }
    Ok(())
}

async fn fill(services: &Services, databases: &Databases, call: &Call) -> Result<(), CommandError> {
    let missing = || Failure::internal("the catalogue has no database");
    let database = databases.of(&catalog::MODULE).ok_or_else(missing)?;
    if catalog::is_empty(&database).await? {
        let report = catalog::seed_demo(services.catalog.as_ref(), call).await;
        let report = report.map_err(unanswered)?;
        tracing::info!(catalog.products = report.products, "filled the empty shop");
    }
    Ok(())
}

/// The signals that end a server.
struct Stopped {
    terminated: Signal,
    interrupted: Signal,
}

impl Stopped {
    fn listen() -> Result<Self, CommandError> {
        Ok(Self {
            terminated: signal(SignalKind::terminate())?,
            interrupted: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminated.recv() => {}
            _ = self.interrupted.recv() => {}
        }
    }
}
