use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use catalog_contract::Catalog;
use galleria_service::placement::{Part, Places};
use galleria_service::settings::Settings;
use galleria_service::{
    Addresses, Contracts, DatabasesError, HostError, Transports, Wired, address_of, home_of, keys,
    open, places,
};
use kernel::contract::{Contract as _, Peer};
use kernel::{Call, Clock, Failure, FailureKind, ModuleName};
use platform::ops::Ops;
use platform::{DatabaseUrl, OpenError};
use tokio::net::TcpStream;
use users_contract::Users;

use super::CommandError;

const NAME: ModuleName = ModuleName::new("cli");
const PATIENCE: Duration = Duration::from_mins(1);

/// The shop that a command works on: one that runs, or else its databases, which are then this process's alone.
pub enum Shop {
    /// Running processes, called over their internal listeners.
    Running(Box<Running>),
    /// The modules in this process, and those that run elsewhere.
    Opened(Box<Wired>),
}

/// The process that hosts the gateway, and the ways to the others.
pub struct Running {
    gateway: Peer,
    places: Places,
    transports: Transports,
}

impl Shop {
    /// Finds the running shop, or opens its databases.
    pub async fn reach(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, CommandError> {
        let places = places(settings, Part::Gateway)?;
        let keys = keys(settings)?;
        let transports = Transports::new(keys, Arc::clone(&clock), &settings.nats).await?;
        let written = Addresses::read(settings.directory()).map(|written| written.internal);
        let configured = settings.server.internal_address;
        if let DatabaseUrl::Postgres(_) = settings.database.url {
            let addresses = [Some(configured), written].into_iter().flatten();
            for address in addresses.filter(|address| address.port() != 0) {
                if TcpStream::connect(address).await.is_ok() {
                    let running = Running::at(address, places, transports)?;
                    return Ok(Self::Running(Box::new(running)));
                }
            }
        }
        match open(settings, &places, &transports, &clock).await {
            Ok(wired) => Ok(Self::Opened(Box::new(wired))),
            Err(HostError::Databases(DatabasesError::Open(error @ OpenError::InUse { .. }))) => {
                let address = written.unwrap_or(configured);
                TcpStream::connect(address).await.map_err(|cause| {
                    CommandError::new(format!("{error}, which does not answer: {cause}"))
                })?;
                Ok(Self::Running(Box::new(Running::at(address, places, transports)?)))
            }
            Err(error) => Err(error.into()),
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
    pub fn users(&self) -> Result<Arc<dyn Users>, CommandError> {
        match self {
            Self::Running(running) => Ok(<dyn Users>::remote(running.peer("users")?)),
            Self::Opened(wired) => Ok(Contracts::needed(wired.contracts.users.as_ref(), "users")?),
        }
    }

    /// Its catalogue.
    pub fn catalog(&self) -> Result<Arc<dyn Catalog>, CommandError> {
        match self {
            Self::Running(running) => Ok(<dyn Catalog>::remote(running.peer("catalog")?)),
            Self::Opened(wired) => {
                Ok(Contracts::needed(wired.contracts.catalog.as_ref(), "catalog")?)
            }
        }
    }

    /// What operators see of one of its modules.
    pub fn ops(&self, module: &str) -> Result<Arc<dyn Ops>, Failure> {
        match self {
            Self::Running(running) => {
                let peer = running.peer(home_of(module)).map_err(Failure::unavailable)?;
                Ok(<dyn Ops>::remote(peer.at(address_of(module))))
            }
            Self::Opened(wired) => wired.assembled.operated.named(module).ok_or_else(|| {
                let cause = format!("{module} does not run here");
                Failure::new(FailureKind::Mismatch).because(cause).not_executed()
            }),
        }
    }
}

impl Running {
    fn at(
        address: SocketAddr,
        places: Places,
        transports: Transports,
    ) -> Result<Self, extract_http::UrlError> {
        let gateway = transports.at(&[format!("http://{address}")])?;
        Ok(Self { gateway, places, transports })
    }

    fn peer(&self, module: &str) -> Result<Peer, extract_http::UrlError> {
        let elsewhere = self.transports.to(module, self.places.of(module))?;
        Ok(elsewhere.unwrap_or_else(|| self.gateway.clone()))
    }
}
