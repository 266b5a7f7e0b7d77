//! A module that tells events and one that listens, in processes of their own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use extract_nats::{Connection, JetStreamInbox, JetStreamListener, NatsSettings, connect};
use kernel::{Call, Clock, Envelope, Event, Failure, ModuleName, Subscription, SystemClock};
use platform::ops::{Audited, ModuleOps, Ops};
use platform::{
    Database, EventSettings, Handler, Inbox, ModuleEvents, Neighbour, RunningEvents, Sql as _,
    Subscriber, UnitOfWork, local_inbox, params, start_events,
};
use serde::{Deserialize, Serialize};
use testkit::{TestServer, until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) const NOTE: Subscription =
    Subscription { name: "payments.note-order-changed", event: OrderChanged::NAME };
const SUBSCRIPTIONS: &[Subscription] = &[NOTE];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OrderChanged {
    pub(crate) order: String,
    pub(crate) number: i64,
}

impl Event for OrderChanged {
    const NAME: &'static str = "orders.order-changed.v1";

    fn key(&self) -> String {
        self.order.clone()
    }
}

/// What the handler leaves behind: its sequence says in which order.
#[derive(Debug, Serialize, Deserialize)]
struct Noted {
    order: String,
    number: i64,
}

impl Event for Noted {
    const NAME: &'static str = "payments.noted.v1";

    fn key(&self) -> String {
        self.order.clone()
    }
}

struct Noting;

#[async_trait]
impl Handler for Noting {
    async fn handle(&self, uow: &UnitOfWork, envelope: &Envelope) -> Result<(), Failure> {
        let OrderChanged { order, number } =
            serde_json::from_value(envelope.data.clone()).map_err(Failure::internal)?;
        uow.publish(&Noted { order, number }).await
    }
}

/// Where the processes of a test keep what they know, and how they reach each other.
pub(crate) struct House {
    server: TestServer,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) connection: Connection,
    pub(crate) orders: Database,
    pub(crate) payments: Database,
    pub(crate) settings: EventSettings,
}

/// What runs until it is stopped.
#[derive(Default)]
pub(crate) struct Running {
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl Running {
    /// Ends everything and waits for it.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl House {
    pub(crate) async fn open(server: TestServer, settings: &NatsSettings) -> Self {
        let (orders, payments) =
            (server.database("orders").await, server.database("payments").await);
        let settings_of_events = EventSettings {
            lease: Duration::from_secs(1),
            poll: Duration::from_millis(20),
            longest_relay_backoff: Duration::from_millis(100),
            ..EventSettings::default()
        };
        let connection = connect(settings).await.unwrap();
        until("the broker is connected", async || connection.is_up()).await;
        let clock = Arc::new(SystemClock);
        Self { server, clock, connection, orders, payments, settings: settings_of_events }
    }

    /// What a process of the producing module runs, on a pool of its own where it may have one.
    pub(crate) async fn producing(&self, database: &Database) -> RunningEvents {
        let inbox = JetStreamInbox::new(&self.connection, &NOTE.subscriber());
        self.producing_to(database, Arc::new(inbox)).await
    }

    pub(crate) async fn producing_to(
        &self,
        database: &Database,
        inbox: Arc<dyn Inbox>,
    ) -> RunningEvents {
        let subscriber = Subscriber::Elsewhere(inbox);
        let neighbour = Neighbour { subscriptions: SUBSCRIPTIONS, subscriber };
        self.start(database, &[], vec![neighbour]).await
    }

    /// What a process of the subscribing module runs, but for its listener.
    pub(crate) async fn handling(&self, database: &Database) -> RunningEvents {
        self.start(database, SUBSCRIPTIONS, vec![]).await
    }

    async fn start(
        &self,
        database: &Database,
        subscriptions: &'static [Subscription],
        neighbours: Vec<Neighbour>,
    ) -> RunningEvents {
        let handler = |wanted: &Subscription| (wanted.name, Arc::new(Noting) as Arc<dyn Handler>);
        let handlers = subscriptions.iter().map(handler).collect();
        let module = ModuleEvents { database: database.clone(), subscriptions, handlers };
        start_events(&self.clock, &self.settings, vec![module], neighbours).await.unwrap()
    }

    pub(crate) fn inbox(&self) -> Arc<dyn Inbox> {
        local_inbox(self.payments.clone(), Arc::clone(&self.clock))
    }

    pub(crate) fn ops(&self) -> Arc<ModuleOps> {
        let (database, clock) = (self.orders.clone(), Arc::clone(&self.clock));
        Arc::new(ModuleOps::new(database, clock, Arc::new(Silent)))
    }

    pub(crate) fn listener(
        &self,
        inbox: Arc<dyn Inbox>,
        producer: Arc<dyn Ops>,
    ) -> JetStreamListener {
        JetStreamListener::new(&self.connection, NOTE, inbox, producer)
    }

    /// So many processes of each module, which share its database.
    pub(crate) async fn run(&self, producers: usize, subscribers: usize) -> Running {
        let running = Running::default();
        let Running { tasks, stop } = &running;
        for number in 0..producers {
            let own = self.own(number, &self.orders, "orders").await;
            self.producing(&own).await.spawn(tasks, stop);
        }
        for number in 0..subscribers {
            let own = self.own(number, &self.payments, "payments").await;
            self.handling(&own).await.spawn(tasks, stop);
            let inbox = local_inbox(own, Arc::clone(&self.clock));
            tasks.spawn(self.listener(inbox, self.ops()).run(stop.clone()));
        }
        running
    }

    async fn own(&self, number: usize, first: &Database, module: &'static str) -> Database {
        if number == 0 { first.clone() } else { self.server.database(module).await }
    }

    /// Publishes the next changes of orders, all in one unit of work.
    pub(crate) async fn change(&self, changes: &[(String, i64)]) {
        let uow = UnitOfWork::begin(&self.orders, self.clock.now()).await.unwrap();
        for (order, number) in changes {
            uow.publish(&OrderChanged { order: order.clone(), number: *number }).await.unwrap();
        }
        uow.commit().await.unwrap();
    }

    /// One change of one order.
    pub(crate) async fn change_one(&self, order: &str, number: i64) {
        self.change(&[(order.to_owned(), number)]).await;
    }

    /// The numbers that were noted, by order, in the order in which that was committed.
    pub(crate) async fn noted(&self) -> BTreeMap<String, Vec<i64>> {
        let select = "SELECT key, data FROM outbox WHERE name = $1 ORDER BY key, sequence";
        let mut noted: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in self.payments.query(select, params![Noted::NAME]).await.unwrap() {
            let data: String = row.try_get_by_index(1).unwrap();
            let Noted { order, number } = serde_json::from_str(&data).unwrap();
            noted.entry(order).or_default().push(number);
        }
        noted
    }

    pub(crate) async fn noted_of(&self, order: &str) -> Vec<i64> {
        self.noted().await.remove(order).unwrap_or_default()
    }

    /// How many events are still to be told or handled.
    pub(crate) async fn still_open(&self) -> i64 {
        let untold = "SELECT COUNT(*) FROM delivery";
        let unhandled = "SELECT COUNT(*) FROM inbox WHERE state = 'pending'";
        self.orders.number(untold, vec![]).await.unwrap()
            + self.payments.number(unhandled, vec![]).await.unwrap()
    }

    /// The stream that carries events to the subscribing module.
    pub(crate) fn stream(&self) -> String {
        format!("{}-events-payments", self.connection.prefix())
    }

    /// Leaves nothing on a broker that tests share.
    pub(crate) async fn clear(&self) {
        let broker = async_nats::jetstream::new(self.connection.client().clone());
        broker.delete_stream(self.stream()).await.unwrap();
    }

    /// Waits until every event is told and handled.
    pub(crate) async fn settled(&self) {
        until("all are told and handled", async || self.still_open().await == 0).await;
    }
}

pub(crate) fn call() -> Call {
    Call::system(ModuleName::new("cli"), Duration::from_secs(10))
}

struct Silent;

#[async_trait]
impl Audited for Silent {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        Ok(vec![])
    }
}
