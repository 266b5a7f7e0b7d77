use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use galleria_service::placement::{Part, named};
use galleria_service::settings::Settings;
use galleria_service::{Front, Host, bind};
use kernel::Clock;

use super::arguments::Serve;
use super::{CommandError, Outcome};
use crate::gateway::{self, Gateway, Services};

/// How long the writes of clients that went away may take to end.
const LAST: Duration = Duration::from_millis(1_500);

/// Serves the shop, or some of its modules, until it is told to stop; then finishes what is under way, within ten seconds.
pub(super) async fn serve(
    settings: Settings,
    clock: Arc<dyn Clock>,
    how: Serve,
) -> Result<Outcome, CommandError> {
    let modules = named(&how.modules);
    let front = if modules.is_empty() {
        Some((bind("server.address", settings.server.address).await?, settings.clone()))
    } else {
        None
    };
    let mut host = Host::open(settings, clock, part(&modules)).await?;
    host.make_admin().await?;
    if !how.no_demo {
        host.fill().await;
    }
    let front = front.map(|(listener, settings)| {
        let services = Services::of(host.wired())?;
        let gateway = Gateway::new(services, settings.server, &settings.limits, host.drain());
        let router = gateway::router(&gateway);
        let last = async move {
            let _all = gateway.writes_finished(LAST).await;
        };
        Ok::<_, CommandError>(Front { listener, router, last: last.boxed() })
    });
    host.serve(front.transpose()?).await?;
    Ok(Outcome::Well)
}

/// The part of the shop that is served where these modules are named, or none.
pub(super) fn part(named: &[String]) -> Part<'_> {
    if named.is_empty() { Part::Gateway } else { Part::Modules(named) }
}
