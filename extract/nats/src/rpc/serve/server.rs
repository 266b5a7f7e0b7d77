use std::sync::Arc;
use std::time::Duration;

use extract_wire::Serving;
use futures_util::future::join_all;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use super::ServerSettings;
use super::announced;
use super::contract::Contract;
use super::control::Control;
use super::shared::Shared;
use crate::{ConnectError, Connection};

/// How long the broker may take to answer when asked whether it knows of us.
const ROUND_TRIP: Duration = Duration::from_secs(1);
/// How long streams get to say that they end early.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves contracts over NATS until it is stopped. Dropped without that, it takes no more calls and forgets its streams.
pub struct Server {
    shared: Arc<Shared>,
    contracts: Vec<Arc<Contract>>,
    leave: watch::Sender<bool>,
    settings: ServerSettings,
    /// End with the server.
    _tasks: JoinSet<()>,
}

impl Server {
    /// Begins to serve over a connection, which need not be up yet. It fails only when the connection was closed for good.
    pub async fn start(
        connection: &Connection,
        serving: Arc<Serving>,
        settings: ServerSettings,
    ) -> Result<Self, ConnectError> {
        let (client, control) = (connection.client(), Control::new(connection));
        let places = Arc::new(Semaphore::new(settings.at_once as usize));
        let told = client.subscribe(control.subject()).await?;
        let shared =
            Arc::new(Shared::new(connection.clone(), Arc::clone(&serving), places, control));
        let (leave, mut tasks) = (watch::Sender::new(false), JoinSet::new());
        tasks.spawn(shared.control.clone().listen(told));
        let contracts = serving.contracts();
        let contracts: Vec<_> = contracts
            .map(|(address, served)| Arc::new(Contract::new(&shared, address, served)))
            .collect();
        for contract in &contracts {
            let heard = contract.subscribe().await?;
            tasks.spawn(Arc::clone(contract).listen(heard, leave.subscribe()));
        }
        let asked = announced::subscribe(client, &contracts).await?;
        tasks.spawn(announced::announce(client.clone(), contracts.clone(), asked));
        Ok(Self { shared, contracts, leave, settings, _tasks: tasks })
    }

    /// Waits until the broker knows what is served here.
    pub async fn ready(&self) {
        let mut ready = false;
        while !ready {
            let answered = async {
                if !self.shared.connection.is_up() {
                    std::future::pending::<()>().await;
                }
                self.shared.control.round_trip().await;
            };
            ready = timeout(ROUND_TRIP, answered).await.is_ok();
        }
    }

    /// Takes no more calls, answers those that are under way, and returns. What takes longer than the settings say is cut.
    pub async fn stop(self) {
        let until = Instant::now() + self.settings.drain;
        let mut losses = self.shared.connection.losses();
        if self.shared.connection.is_up() {
            tokio::select! {
                () = self.leave() => {}
                // Without a connection no more calls come.
                _ = losses.changed() => {}
                () = tokio::time::sleep_until(until) => {
                    tracing::warn!("the broker does not let go of subscriptions");
                }
            }
        }
        if timeout_at(until, self.idle()).await.is_err() {
            self.shared.cut.send_replace(true);
            if timeout(LAST_WORDS, self.idle()).await.is_err() {
                let left = self.settings.at_once as usize - self.shared.places.available_permits();
                tracing::warn!("{left} calls over NATS are left unanswered");
            }
        }
        if self.shared.connection.is_up() {
            // A connection may be closed behind this. What the broker has not read by then could be lost with it.
            let _down = timeout(LAST_WORDS, self.shared.control.round_trip()).await;
        }
    }

    /// Waits until no more calls come.
    async fn leave(&self) {
        // What the broker sent before has come, and few calls are on their way.
        self.shared.control.round_trip().await;
        self.leave.send_replace(true);
        join_all(self.contracts.iter().map(|contract| contract.leave())).await;
    }

    /// Waits until nothing is under way.
    async fn idle(&self) {
        // The semaphore is never closed.
        let _all = self.shared.places.acquire_many(self.settings.at_once).await;
    }
}
