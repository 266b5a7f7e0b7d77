use std::sync::Arc;

use async_trait::async_trait;
use extract_http::{ServeSettings, Serving, router};
use kernel::contract::{Contract as _, Peer, Unattended};
use kernel::{Clock, Event, Failure, Subscription, SystemClock};
use platform::ops::{Audited, ModuleOps, Ops};
use platform::{
    Database, EventSettings, ModuleEvents, Neighbour, RunningEvents, Sql as _, Subscriber,
    UnitOfWork, on, remote_inbox, start_events,
};
use serde::{Deserialize, Serialize};
use testkit::on_each_server;
use tokio::net::TcpListener;

use crate::desk::{Desk, Nobody};

const SUBSCRIPTIONS: &[Subscription] =
    &[Subscription { name: "payments.note-order-changed", event: OrderChanged::NAME }];

#[derive(Serialize, Deserialize)]
struct OrderChanged {
    order: String,
    text: String,
}

impl Event for OrderChanged {
    const NAME: &'static str = "orders.order-changed.v1";

    fn key(&self) -> String {
        self.order.clone()
    }
}

struct Silent;

#[async_trait]
impl Audited for Silent {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        Ok(vec![])
    }
}

/// What operators see of the module, served to other processes as they are in a shop.
fn serve(desk: &Desk, listener: TcpListener, database: &Database) {
    let ops = ModuleOps::new(database.clone(), Arc::new(SystemClock), Arc::new(Silent));
    let dispatch = <dyn Ops>::dispatcher(Arc::new(ops), &Unattended::default());
    let settings = ServeSettings::default();
    let serving = Serving::new(Arc::clone(&desk.0.keys), Arc::new(SystemClock), settings);
    let router = router(Arc::new(serving.contract_at("payments-ops.v1", dispatch)));
    tokio::spawn(async move { axum::serve(listener, router).await });
}

async fn producing(desk: &Desk, database: &Database, url: String) -> RunningEvents {
    let peer = Peer::new(desk.channel(&[url])).at("payments-ops.v1");
    let subscriber = Subscriber::Elsewhere(remote_inbox(<dyn Ops>::remote(peer)));
    let neighbour = Neighbour { subscriptions: SUBSCRIPTIONS, subscriber };
    start(database, &[], vec![neighbour]).await
}

async fn start(
    database: &Database,
    subscriptions: &'static [Subscription],
    neighbours: Vec<Neighbour>,
) -> RunningEvents {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let handler = || on(|_, _: OrderChanged| Box::pin(async { Ok(()) }));
    let handlers = subscriptions.iter().map(|wanted| (wanted.name, handler())).collect();
    let module = ModuleEvents { database: database.clone(), subscriptions, handlers };
    start_events(&clock, &EventSettings::default(), vec![module], neighbours).await.unwrap()
}

async fn publish(database: &Database, order: &str, text: String) {
    let uow = UnitOfWork::begin(database, SystemClock.now()).await.unwrap();
    uow.publish(&OrderChanged { order: order.to_owned(), text }).await.unwrap();
    uow.commit().await.unwrap();
}

#[tokio::test]
async fn events_reach_a_subscriber_in_another_process_as_soon_as_it_answers() {
    on_each_server(async |server| {
        let (desk, nobody) = (Desk::open(), Nobody::take());
        let (orders, payments) =
            (server.database("orders").await, server.database("payments").await);
        let events = producing(&desk, &orders, nobody.url.clone()).await;
        for number in 0..30 {
            publish(&orders, &format!("order-{}", number % 4), number.to_string()).await;
        }

        let unreachable = events.drain().await;
        let handling = start(&payments, SUBSCRIPTIONS, vec![]).await;
        serve(&desk, nobody.listen(), &payments);
        events.drain().await.unwrap();
        handling.drain().await.unwrap();

        assert!(unreachable.is_err());
        let untold = orders.number("SELECT COUNT(*) FROM delivery", vec![]).await.unwrap();
        let handled = "SELECT COUNT(*) FROM inbox WHERE state = 'done'";
        assert_eq!((untold, payments.number(handled, vec![]).await.unwrap()), (0, 30));
    })
    .await;
}

#[tokio::test]
async fn what_a_producer_takes_for_small_enough_a_subscriber_takes() {
    on_each_server(async |server| {
        let (desk, nobody) = (Desk::open(), Nobody::take());
        let (orders, payments) =
            (server.database("orders").await, server.database("payments").await);
        let _handling = start(&payments, SUBSCRIPTIONS, vec![]).await;
        let events = producing(&desk, &orders, nobody.url.clone()).await;
        serve(&desk, nobody.listen(), &payments);
        let mebibyte = 1024 * 1024;
        publish(&orders, "largest", "x".repeat(8 * mebibyte - 66_000)).await;
        for number in 0..12 {
            publish(&orders, &format!("order-{number}"), "x".repeat(mebibyte)).await;
        }

        events.drain().await.unwrap();

        let untold = orders.number("SELECT COUNT(*) FROM delivery", vec![]).await.unwrap();
        let stored = payments.number("SELECT COUNT(*) FROM inbox", vec![]).await.unwrap();
        assert_eq!((untold, stored), (0, 13));
    })
    .await;
}
