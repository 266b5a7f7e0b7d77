use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Call, Clock, Envelope, Event, Failure, ModuleName, OrderId, Subscription};
use platform::ops::{Audited, Delivery, DeliveryState, ListDeliveries, ModuleOps, Ops as _};
use platform::{
    Database, EventSettings, Handler, Inbox, ModuleEvents, Neighbour, RunningEvents, Sql as _,
    Subscriber, UnitOfWork, params, start_events,
};
use serde::{Deserialize, Serialize};
use testkit::{ManualClock, TestServer};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OrderChanged {
    pub(crate) order: String,
    pub(crate) number: i64,
    pub(crate) personal: Option<String>,
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

pub(crate) const NOTE: &str = "payments.note-order-changed";
pub(crate) const SUBSCRIPTIONS: &[Subscription] =
    &[Subscription { name: NOTE, event: OrderChanged::NAME }];

/// How a handler fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    Fails,
    Panics,
    Hangs,
}

type Temper = dyn Fn(&OrderChanged) -> Mood + Send + Sync;

/// Notes every change, and then fares as it is told to.
pub(crate) struct Noting(pub(crate) Box<Temper>);

impl Noting {
    pub(crate) fn well() -> Self {
        Self(Box::new(|_| Mood::Well))
    }
}

#[async_trait]
impl Handler for Noting {
    async fn handle(&self, uow: &UnitOfWork, envelope: &Envelope) -> Result<(), Failure> {
        let event: OrderChanged = serde_json::from_value(envelope.data.clone()).unwrap();
        let mood = (self.0)(&event);
        uow.publish(&Noted { order: event.order, number: event.number }).await?;
        match mood {
            Mood::Well => Ok(()),
            Mood::Fails => Err(Failure::internal("a handler that fails")),
            Mood::Panics => panic!("a handler that panics"),
            Mood::Hangs => std::future::pending().await,
        }
    }
}

/// A module that tells events and one that listens, each on its own database.
pub(crate) struct Shop {
    _server: TestServer,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) orders: Database,
    pub(crate) payments: Database,
    pub(crate) settings: EventSettings,
}

impl Shop {
    pub(crate) async fn open(server: TestServer) -> Self {
        let (orders, payments) =
            (server.database("orders").await, server.database("payments").await);
        let settings = EventSettings { max_attempts: 3, ..EventSettings::default() };
        Self { _server: server, clock: Arc::default(), orders, payments, settings }
    }

    pub(crate) async fn start(&self, noting: Noting) -> RunningEvents {
        self.start_with(self.clock.clone(), noting).await
    }

    pub(crate) async fn start_with(&self, clock: Arc<dyn Clock>, noting: Noting) -> RunningEvents {
        let handler: Arc<dyn Handler> = Arc::new(noting);
        let modules = vec![
            ModuleEvents {
                database: self.orders.clone(),
                subscriptions: &[],
                handlers: BTreeMap::new(),
            },
            ModuleEvents {
                database: self.payments.clone(),
                subscriptions: SUBSCRIPTIONS,
                handlers: BTreeMap::from([(NOTE, handler)]),
            },
        ];
        start_events(&clock, &self.settings, modules, Vec::new()).await.unwrap()
    }

    /// The producing module alone, which tells the other one its events this way.
    pub(crate) async fn produce(&self, inbox: Arc<dyn Inbox>) -> RunningEvents {
        let subscriber = Subscriber::Elsewhere(inbox);
        self.produce_for(Neighbour { subscriptions: SUBSCRIPTIONS, subscriber }).await
    }

    /// The producing module alone.
    pub(crate) async fn produce_for(&self, neighbour: Neighbour) -> RunningEvents {
        self.alone(&self.orders, &[], vec![neighbour]).await
    }

    /// The subscribing module alone.
    pub(crate) async fn listen(&self, noting: Noting) -> RunningEvents {
        self.listen_with(Arc::new(noting)).await
    }

    /// The subscribing module alone, with another handler.
    pub(crate) async fn listen_with(&self, handler: Arc<dyn Handler>) -> RunningEvents {
        self.alone(&self.payments, &[(NOTE, handler)], vec![]).await
    }

    async fn alone(
        &self,
        database: &Database,
        handlers: &[(&'static str, Arc<dyn Handler>)],
        neighbours: Vec<Neighbour>,
    ) -> RunningEvents {
        let (database, clock): (_, Arc<dyn Clock>) = (database.clone(), self.clock.clone());
        let subscriptions = if handlers.is_empty() { &[] } else { SUBSCRIPTIONS };
        let handlers = handlers.iter().cloned().collect();
        let modules = vec![ModuleEvents { database, subscriptions, handlers }];
        start_events(&clock, &self.settings, modules, neighbours).await.unwrap()
    }

    /// Publishes the change with that number of an order, in a unit of work of its own.
    pub(crate) async fn change(&self, order: &str, number: i64) {
        self.publish(&changed(order, number)).await;
    }

    /// Publishes a change, in a unit of work of its own.
    pub(crate) async fn publish(&self, event: &OrderChanged) {
        let uow = UnitOfWork::begin(&self.orders, self.clock.now()).await.unwrap();
        uow.publish(event).await.unwrap();
        uow.commit().await.unwrap();
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

    /// What was noted of one order.
    pub(crate) async fn noted_of(&self, order: &str) -> Vec<i64> {
        self.noted().await.remove(order).unwrap_or_default()
    }

    /// Lets relays and workers work, with so much time passing in between, until nothing is open.
    pub(crate) async fn settle(&self, events: &RunningEvents) {
        for _ in 0..200 {
            events.drain().await.unwrap();
            if self.still_open().await == 0 {
                return;
            }
            self.clock.advance(Duration::from_secs(61));
        }
        panic!("{} deliveries are still open", self.still_open().await);
    }

    /// How many events are still to be told or handled.
    pub(crate) async fn still_open(&self) -> i64 {
        let untold = "SELECT COUNT(*) FROM delivery";
        let unhandled = "SELECT COUNT(*) FROM inbox WHERE state = 'pending'";
        self.orders.number(untold, vec![]).await.unwrap()
            + self.payments.number(unhandled, vec![]).await.unwrap()
    }

    pub(crate) fn ops(&self, database: &Database) -> ModuleOps {
        ModuleOps::new(database.clone(), self.clock.clone(), Arc::new(Silent))
    }

    /// The deliveries of the subscribing module in a state, newest first.
    pub(crate) async fn deliveries(&self, state: DeliveryState) -> Vec<Delivery> {
        let request = ListDeliveries {
            state: Some(state),
            subscription: None,
            before: None,
            page: page(100),
        };
        self.ops(&self.payments).deliveries(&call(), request).await.unwrap().items
    }
}

pub(crate) fn page(limit: u32) -> kernel::PageRequest {
    kernel::PageRequest { limit, cursor: None }
}

pub(crate) fn call() -> Call {
    Call::system(ModuleName::new("cli"), Duration::from_secs(10))
}

pub(crate) fn changed(order: &str, number: i64) -> OrderChanged {
    OrderChanged { order: order.to_owned(), number, personal: None }
}

/// A module with nothing of its own to audit but one fact.
struct Silent;

#[async_trait]
impl Audited for Silent {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        Ok(vec![])
    }

    async fn facts(
        &self,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<platform::ops::Fact>, Failure> {
        assert!(after.is_none() && limit <= 1_000);
        Ok(vec![])
    }
}
