use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Call, CallError, Clock, Failure, ModuleName, Refusal};
use platform::{DatabaseUrl, OpenError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::CommandError;
use crate::databases::{Databases, DatabasesError};
use crate::internal::{Addresses, Client, ServiceKeys};
use crate::settings::Settings;
use crate::wiring::{Wired, wire};

const NAME: ModuleName = ModuleName::new("cli");
const PATIENCE: Duration = Duration::from_mins(1);

/// The shop that a command works on: one that runs, or else its databases, which are then this process's alone.
pub enum Shop {
    /// A running process, called over its internal listener.
    Running(Client),
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
                    if let Ok(client) = connect(settings, address, Arc::clone(&clock)).await? {
                        return Ok(Self::Running(client));
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

    /// Calls a method of one of its contracts.
    pub async fn call<Q: Serialize, A: DeserializeOwned, R: Refusal>(
        &self,
        (contract, method): (&str, &str),
        request: &Q,
    ) -> Result<A, CallError<R>> {
        let call = Call::system(NAME, PATIENCE);
        match self {
            Self::Running(client) => client.call((contract, method), &call, request).await,
            Self::Opened(wired) => {
                let body = serde_json::to_vec(request).map_err(Failure::internal)?;
                match wired.table.dispatch((contract, method), call, &body).await {
                    Ok(answer) => serde_json::from_slice(&answer)
                        .map_err(|error| Failure::internal(error).into()),
                    Err(problem) => Err(problem.into_error()),
                }
            }
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
            let client = connect(settings, address, clock).await?;
            let client = client.map_err(|failure| {
                CommandError::new(format!("{error}, which does not answer: {}", failure.chain()))
            })?;
            Ok(Shop::Running(client))
        }
        Err(error) => Err(error.into()),
    }
}

async fn connect(
    settings: &Settings,
    address: SocketAddr,
    clock: Arc<dyn Clock>,
) -> Result<Result<Client, Failure>, CommandError> {
    let keys = ServiceKeys::open(&settings.service, settings.directory())?;
    Ok(Client::connect(address, keys, clock).await)
}

async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Shop, CommandError> {
    let databases = Databases::open(settings, clock.now()).await?;
    Ok(Shop::Opened(Box::new(wire(databases, clock, settings).await?)))
}
