use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Clock, Failure, Subscription};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::deliveries::Deliveries;
use super::depths::Depths;
use super::handler::Handler;
use super::inbox::{Inbox, local_inbox};
use super::neighbour::{Neighbour, Subscriber};
use super::relay::Relay;
use super::retention::Sweeper;
use super::settings::EventSettings;
use super::worker::Worker;
use crate::db::Database;

/// The events of one module of this process: what it listens to, and with what.
pub struct ModuleEvents {
    /// Its database.
    pub database: Database,
    /// What its contract declares.
    pub subscriptions: &'static [Subscription],
    /// What handles each subscription, by its name.
    pub handlers: BTreeMap<&'static str, Arc<dyn Handler>>,
}

/// Why events can't be started.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// A subscription is declared that nothing handles.
    #[error("nothing handles the subscription {0}")]
    Unhandled(&'static str),
    /// Something handles a subscription that is not declared.
    #[error("the subscription {0} is handled and not declared in a contract")]
    Undeclared(&'static str),
    /// A subscription is declared twice, or its module runs here and elsewhere.
    #[error("the subscription {0} is declared twice")]
    Twice(&'static str),
    /// The subscriptions can't be recorded.
    #[error("the subscriptions can't be recorded")]
    Unrecorded(#[source] Failure),
}

/// Relays, workers and sweepers of this process.
pub struct RunningEvents {
    relays: Vec<Relay>,
    workers: Vec<Worker>,
    sweepers: Vec<Sweeper>,
    depths: Vec<Depths>,
    poll: std::time::Duration,
}

/// Records every subscription with its producer, and makes what relays and handles for the modules of this process. Nothing runs
/// until it is told to.
///
/// Between them, `modules` and `neighbours` declare every subscription there is.
pub async fn start(
    clock: &Arc<dyn Clock>,
    settings: &EventSettings,
    modules: Vec<ModuleEvents>,
    neighbours: Vec<Neighbour>,
) -> Result<RunningEvents, EventError> {
    let mut running = RunningEvents {
        relays: vec![],
        workers: vec![],
        sweepers: vec![],
        depths: vec![],
        poll: settings.poll,
    };
    let databases: Vec<Database> = modules.iter().map(|module| module.database.clone()).collect();
    let mut told = Vec::new();
    for module in modules {
        let inbox = local_inbox(module.database.clone(), Arc::clone(clock));
        told.extend(module.subscriptions.iter().map(|wanted| (*wanted, Arc::clone(&inbox))));
        running.workers.extend(workers(module, clock, settings)?);
    }
    for Neighbour { subscriptions, subscriber } in neighbours {
        if let Subscriber::Elsewhere(inbox) = subscriber {
            told.extend(subscriptions.iter().map(|wanted| (*wanted, Arc::clone(&inbox))));
        }
    }
    only_once(&told)?;
    for database in databases {
        running.relays.extend(relays(&database, clock, settings, &told).await?);
        running.depths.push(Depths::new(database.clone(), Arc::clone(clock)));
        let (clock, settings) = (Arc::clone(clock), settings.clone());
        running.sweepers.push(Sweeper { database, clock, settings });
    }
    Ok(running)
}

type Told = (Subscription, Arc<dyn Inbox>);

fn only_once(told: &[Told]) -> Result<(), EventError> {
    let mut names = BTreeSet::new();
    match told.iter().find(|(wanted, _)| !names.insert(wanted.name)) {
        Some((wanted, _)) => Err(EventError::Twice(wanted.name)),
        None => Ok(()),
    }
}

/// Records the subscriptions to a module's events, and makes their relays.
async fn relays(
    database: &Database,
    clock: &Arc<dyn Clock>,
    settings: &EventSettings,
    told: &[Told],
) -> Result<Vec<Relay>, EventError> {
    let told = told.iter().filter(|(wanted, _)| wanted.producer() == *database.module());
    let (wanted, inboxes): (Vec<Subscription>, Vec<_>) = told.cloned().unzip();
    if !wanted.is_empty() {
        let recorded = Deliveries::new(database).subscribe(&wanted, clock.now()).await;
        recorded.map_err(EventError::Unrecorded)?;
    }
    let relay = |(wanted, inbox): (Subscription, _)| {
        let (clock, settings) = (Arc::clone(clock), settings.clone());
        Relay::new(database.clone(), clock, settings, wanted.name, inbox)
    };
    Ok(wanted.into_iter().zip(inboxes).map(relay).collect())
}

fn workers(
    module: ModuleEvents,
    clock: &Arc<dyn Clock>,
    settings: &EventSettings,
) -> Result<Vec<Worker>, EventError> {
    let ModuleEvents { database, subscriptions, mut handlers } = module;
    let mut workers = Vec::with_capacity(subscriptions.len());
    for Subscription { name, .. } in subscriptions {
        let handler = handlers.remove(name).ok_or(EventError::Unhandled(name))?;
        // From now on it may be offered events from another process.
        database.workers().of(name);
        workers.push(Worker {
            database: database.clone(),
            clock: Arc::clone(clock),
            settings: settings.clone(),
            subscription: name,
            handler,
        });
    }
    match handlers.into_keys().next() {
        Some(name) => Err(EventError::Undeclared(name)),
        None => Ok(workers),
    }
}

impl RunningEvents {
    /// Runs everything in the background until `stop`.
    pub fn spawn(self, tasks: &TaskTracker, stop: &CancellationToken) {
        for relay in self.relays {
            tasks.spawn(relay.run(stop.clone()));
        }
        for worker in self.workers {
            tasks.spawn(worker.run(stop.clone()));
        }
        tasks.spawn(sweep(self.sweepers, stop.clone()));
        tasks.spawn(super::depths::sample(self.depths, stop.clone()));
    }

    /// Relays and handles until nothing is due any more. For tests, which then need not wait.
    pub async fn drain(&self) -> Result<(), Failure> {
        loop {
            let mut busy = false;
            for relay in &self.relays {
                busy |= relay.step().await? > 0;
            }
            for worker in &self.workers {
                busy |= worker.step().await?;
            }
            if !busy {
                return Ok(());
            }
        }
    }

    /// Forgets what is over, once. For tests, which then need not wait.
    pub async fn sweep(&self) -> Result<(), Failure> {
        let never = CancellationToken::new();
        for sweeper in &self.sweepers {
            sweeper.sweep(&never).await?;
        }
        Ok(())
    }

    /// How often work is looked for that nobody was woken for.
    pub fn poll(&self) -> std::time::Duration {
        self.poll
    }
}

async fn sweep(sweepers: Vec<Sweeper>, stop: CancellationToken) {
    const EVERY: std::time::Duration = std::time::Duration::from_mins(10);
    while !stop.is_cancelled() {
        for sweeper in &sweepers {
            if let Err(failure) = sweeper.sweep(&stop).await {
                tracing::error!(error = %failure.chain(), "could not sweep events");
            }
        }
        let _stopped = stop.run_until_cancelled(crate::jobs::pause(EVERY)).await;
    }
}
