use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use catalog_contract::Catalog;
use kernel::contract::{Contract as _, Peer};
use kernel::{Call, Clock, Failure, FailureKind, ModuleName};
use platform::ops::Ops;
use platform::{DatabaseUrl, OpenError};
use users_contract::Users;

use super::CommandError;
use crate::databases::{Databases, DatabasesError};
use crate::internal::{Addresses, Client, ServiceKeys};
use crate::operated::address_of;
use crate::settings::Settings;
use crate::wiring::{Wired, wire};

const NAME: ModuleName = ModuleName::new("cli");
const PATIENCE: Duration = Duration::from_mins(1);

/// The shop that a command works on: one that runs, or else its databases, which are then this process's alone.
pub enum Shop {
    /// A running process, called over its internal listener.
    Running(Peer),
    /// The modules in this process.
    Opened(Box<Wired>),
}

impl Shop {
    /// Finds the running shop, or opens its databases.
    pub async fn reach(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, CommandError> {
        match &settings.database.url {
            DatabaseUrl::Sqlite(_) => reach_directory(settings, clock).await,
            DatabaseUrl::Postgres(_) => {
                let written = Addresses::read(settings.directory());
                let configured = settings.server.internal_address;
                let addresses = [Some(configured), written.map(|written| written.internal)];
                for address in addresses.into_iter().flatten().filter(|address| address.port() != 0)
                {
                    if let Ok(peer) = connect(settings, address, Arc::clone(&clock)).await? {
                        return Ok(Self::Running(peer));
                    }
                }
                open(settings, clock).await
            }
        }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }

    /// The call that a command makes.
    pub fn call() -> Call {
        Call::system(NAME, PATIENCE)
    }

    /// Its accounts.
    pub fn users(&self) -> Arc<dyn Users> {
        match self {
            Self::Running(peer) => <dyn Users>::remote(peer.clone()),
            Self::Opened(wired) => Arc::clone(&wired.services.users),
        }
    }

    /// Its catalogue.
    pub fn catalog(&self) -> Arc<dyn Catalog> {
        match self {
            Self::Running(peer) => <dyn Catalog>::remote(peer.clone()),
            Self::Opened(wired) => Arc::clone(&wired.services.catalog),
        }
    }

    /// What operators see of one of its modules.
    pub fn ops(&self, module: &str) -> Result<Arc<dyn Ops>, Failure> {
        match self {
            Self::Running(peer) => Ok(<dyn Ops>::remote(peer.at(address_of(module)))),
            Self::Opened(wired) => wired.services.operated.named(module).ok_or_else(|| {
                let cause = format!("{module} does not run here");
                Failure::new(FailureKind::Mismatch).because(cause).not_executed()
            }),
        }
    }
}

async fn reach_directory(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Shop, CommandError> {
    match Databases::open(settings, clock.now()).await {
        Ok(databases) => Ok(Shop::Opened(Box::new(wire(databases, clock, settings).await?))),
        Err(DatabasesError::Open(error @ OpenError::InUse { .. })) => {
            let written = Addresses::read(settings.directory());
            let address =
                written.map_or(settings.server.internal_address, |written| written.internal);
            let peer = connect(settings, address, clock).await?;
            let peer = peer.map_err(|failure| {
                CommandError::new(format!("{error}, which does not answer: {}", failure.chain()))
            })?;
            Ok(Shop::Running(peer))
        }
        Err(error) => Err(error.into()),
    }
}

async fn connect(
    settings: &Settings,
    address: SocketAddr,
    clock: Arc<dyn Clock>,
) -> Result<Result<Peer, Failure>, CommandError> {
    let keys = ServiceKeys::open(&settings.service, settings.directory())?;
    let client = Client::connect(address, keys, clock).await;
    Ok(client.map(|client| Peer::new(Arc::new(client))))
}

async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Shop, CommandError> {
    let databases = Databases::open(settings, clock.now()).await?;
    Ok(Shop::Opened(Box::new(wire(databases, clock, settings).await?)))
}
