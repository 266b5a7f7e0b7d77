use std::time::Duration;

use kernel::{Clock as _, DeliveryId, Envelope, Event as _, EventId, ModuleName};
use platform::{Database, Offered, PoolSettings, PostgresServer, Sql as _, local_inbox, on};
use testkit::{ManualClock, TestServer};

use crate::shop::{NOTE, OrderChanged, Shop, changed};

const KEYS: u64 = 10_000;
const PER_KEY: u64 = 2;

/// Events of the keys `<prefix>-0`, `<prefix>-1`, …, one a sequence, as a producer offers them.
async fn store(shop: &Shop, inbox: &Database, prefix: &str, (keys, per_key): (u64, u64)) {
    let inbox = local_inbox(inbox.clone(), shop.clock.clone());
    for sequence in 1..=per_key {
        let keys: Vec<u64> = (0..keys).collect();
        for keys in keys.chunks(1_000) {
            let offers: Vec<_> =
                keys.iter().map(|key| offer(shop, &format!("{prefix}-{key}"), sequence)).collect();
            inbox.store(&offers).await.unwrap();
        }
    }
}

fn offer(shop: &Shop, key: &str, sequence: u64) -> Offered {
    let event = EventId::generate();
    let envelope = Envelope {
        specversion: "1.0".to_owned(),
        id: event,
        source: "/galleria/orders".to_owned(),
        name: OrderChanged::NAME.to_owned(),
        time: shop.clock.now(),
        subject: key.to_owned(),
        sequence,
        traceparent: None,
        data: serde_json::to_value(changed(key, i64::try_from(sequence).unwrap())).unwrap(),
    };
    let id = DeliveryId::derived(&event.to_string());
    Offered { id, subscription: NOTE.to_owned(), generation: 1, envelope }
}

/// `PostgreSQL` keeps plans by connection, so the module has one.
async fn impatient(server: &TestServer) -> Database {
    let (place, module) = (server.place().unwrap(), ModuleName::new("payments"));
    let pool = PoolSettings { connections: 1, statement_timeout: Duration::from_millis(500) };
    let server = PostgresServer::shared(&place.url, &place.role_prefix(), pool).unwrap();
    server.databases(&[module], ManualClock::default().now()).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_worker_that_knew_an_almost_empty_inbox_handles_a_backlog_within_its_statement_timeout() {
    let Some(server) = TestServer::postgres().await else { return };
    let mut shop = Shop::open(server.clone()).await;
    shop.payments = impatient(&server).await;
    let events = shop.listen_with(on(|_, _: OrderChanged| Box::pin(async { Ok(()) }))).await;
    for number in 0..12 {
        store(&shop, &shop.payments, &format!("first-{number}"), (1, 1)).await;
        events.drain().await.unwrap();
    }
    store(&shop, &shop.payments, "backlog", (KEYS, PER_KEY)).await;

    events.drain().await.unwrap();

    let open = "SELECT COUNT(*) FROM inbox WHERE state <> 'done'";
    assert_eq!(shop.payments.number(open, vec![]).await.unwrap(), 0);
}
