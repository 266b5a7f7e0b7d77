use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use extract_http::{ServeSettings, Serving};
use extract_wire::{KeyError, ServiceKeys};
use kernel::{Clock, ModuleName};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

use super::HostError;
use crate::contracts::Wired;
use crate::databases::Databases;
use crate::internal::{self, Internal};
use crate::placement::{self, NEIGHBOURHOOD, Part, Places};
use crate::settings::{Settings, SettingsError};
use crate::transports::Transports;
use crate::wiring::{COMPILED, wire};

/// Decides where every module runs, for a part of the shop and this binary.
pub fn places(settings: &Settings, part: Part<'_>) -> Result<Places, SettingsError> {
    placement::decide(settings, part, &COMPILED, NEIGHBOURHOOD)
}

/// Opens the databases of this process's modules and builds them; reaches the others.
pub async fn open(
    settings: &Settings,
    places: &Places,
    transports: &Transports,
    clock: &Arc<dyn Clock>,
) -> Result<Wired, HostError> {
    let databases = Databases::open(settings, places, clock.now()).await?;
    Ok(wire(databases, (places, transports), Arc::clone(clock), settings).await?)
}

/// The key that this process speaks with.
pub fn keys(settings: &Settings) -> Result<Arc<ServiceKeys>, KeyError> {
    ServiceKeys::open(&settings.service, settings.directory()).map(Arc::new)
}

/// Binds an address that a setting names.
pub async fn bind(setting: &'static str, address: SocketAddr) -> Result<TcpListener, HostError> {
    TcpListener::bind(address).await.map_err(|error| HostError::Bind(setting, address, error))
}

/// The contracts of this process, for all transports.
pub(super) fn serving(
    wired: &Wired,
    keys: &Arc<ServiceKeys>,
    clock: &Arc<dyn Clock>,
) -> Arc<Serving> {
    let nothing = Serving::new(Arc::clone(keys), Arc::clone(clock), ServeSettings::default());
    let served = wired.assembled.served.iter();
    Arc::new(served.fold(nothing, |serving, (address, contract)| {
        serving.contract_at(address, Arc::clone(contract))
    }))
}

/// What the internal listener answers: health, metrics, and contracts.
pub(super) fn answers(
    wired: &Wired,
    part: Part<'_>,
    metrics: PrometheusHandle,
    serving: &Arc<Serving>,
) -> Router {
    let modules = wired.assembled.operated.hosted();
    let asks = match part {
        Part::Gateway => ModuleName::new("gateway"),
        Part::Modules(named) => {
            named.first().map_or(ModuleName::new("gateway"), |name| ModuleName::of(name))
        }
    };
    let told = internal::router(Internal { modules, asks, metrics });
    told.merge(extract_http::router(Arc::clone(serving)))
}
