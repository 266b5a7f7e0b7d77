use std::time::Duration;

use kernel::{
    Call, CallError, Clock as _, FailureKind, ModuleName, PageRequest, Principal, UserId,
};
use platform::ops::{
    Audit, Confirm, DeliveryState, GetDelivery, GetHealth, ListDeliveries, ListSagas, Ops as _,
    OpsRefusal,
};
use platform::saga::Saga;
use platform::{Chain, Database, Sql as _, UnitOfWork, params};
use testkit::on_each_server;

use crate::shop::{NOTE, Noting, Shop, call, page};

#[tokio::test]
async fn only_admins_and_modules_are_let_at_the_operations() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let ops = shop.ops(&shop.orders);
        let id = UserId::generate();
        let a_second = Duration::from_secs(1);
        let as_principal = |principal| Call::new(ModuleName::new("gateway"), principal, a_second);

        for stranger in [Principal::Guest { proof: None }, Principal::User { id }, Principal::Staff { id }] {
            let denied = ops.health(&as_principal(stranger), GetHealth {}).await;
            assert!(matches!(denied, Err(CallError::Failed(failure)) if failure.kind == FailureKind::Denied));
        }
        let admin = ops.health(&as_principal(Principal::Admin { id }), GetHealth {}).await.unwrap();
        assert!(admin.ready);
    })
    .await;
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_page_by_page_in_every_state() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        for number in 1..=5 {
            shop.change("a", number).await;
        }
        let ops = shop.ops(&shop.orders);
        let list = async |state, cursor| {
            let page = PageRequest { limit: 2, cursor };
            let subscription = Some(NOTE.to_owned());
            ops.deliveries(&call(), ListDeliveries { state, subscription, before: None, page })
                .await
                .unwrap()
        };

        let first = list(Some(DeliveryState::Pending), None).await;
        let second = list(None, first.next.clone()).await;
        let third = list(None, second.next.clone()).await;

        let listed: Vec<u64> = [&first, &second, &third]
            .iter()
            .flat_map(|page| page.items.iter().map(|item| item.sequence))
            .collect();
        assert_eq!(listed, [5, 4, 3, 2, 1]);
        assert_eq!(third.next, None);
        assert_eq!(list(Some(DeliveryState::Done), None).await.items, []);
        events.drain().await.unwrap();
        assert_eq!(list(None, None).await.items, []);
        let handled = shop.deliveries(DeliveryState::Done).await;
        assert_eq!(handled.iter().map(|item| item.sequence).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
        assert_eq!(handled[0].id, first.items[0].id);
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_long_is_found_behind_any_number_that_came_since() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let _events = shop.start(Noting::well()).await;
        shop.change("a", 1).await;
        shop.clock.advance(Duration::from_mins(3));
        let long_ago = shop.clock.now().minus(Duration::from_mins(2));
        for number in 2..=5 {
            shop.change("a", number).await;
        }
        let before = Some(long_ago);
        let request = ListDeliveries { state: None, subscription: None, before, page: page(2) };

        let waiting = shop.ops(&shop.orders).deliveries(&call(), request).await.unwrap().items;

        assert_eq!(waiting.iter().map(|item| item.sequence).collect::<Vec<_>>(), [1]);
    })
    .await;
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let ops = shop.ops(&shop.orders);
        for cursor in ["", ".", "x", "1.2"] {
            let page = PageRequest { limit: 2, cursor: Some(cursor.to_owned()) };
            let request = ListDeliveries { state: None, subscription: None, before: None, page };
            let refused = ops.deliveries(&call(), request).await;
            assert!(
                matches!(refused, Err(CallError::Refused(OpsRefusal::UnknownCursor))),
                "{cursor}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_delivery_tells_what_its_event_says_before_and_after_it_was_told() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        shop.change("a", 7).await;
        let untold = "SELECT id FROM delivery";
        let id: String =
            shop.orders.query(untold, vec![]).await.unwrap()[0].try_get_by_index(0).unwrap();
        let request = GetDelivery { delivery: id.parse().unwrap() };

        let before = shop.ops(&shop.orders).delivery(&call(), request.clone()).await.unwrap();
        events.drain().await.unwrap();
        let after = shop.ops(&shop.payments).delivery(&call(), request.clone()).await.unwrap();
        let gone = shop.ops(&shop.orders).delivery(&call(), request).await;

        assert_eq!(before.envelope, after.envelope);
        assert_eq!(after.envelope.data["number"], 7);
        assert_eq!(after.envelope.source, "/galleria/orders");
        assert_eq!(
            (before.delivery.state, after.delivery.state),
            (DeliveryState::Pending, DeliveryState::Done)
        );
        assert!(matches!(gone, Err(CallError::Refused(OpsRefusal::NotFound))));
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_counts_once() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        shop.start(Noting::well()).await;
        shop.change("a", 1).await;
        let ops = shop.ops(&shop.orders);
        let request =
            ListDeliveries { state: None, subscription: None, before: None, page: page(10) };
        let told = ops.deliveries(&call(), request).await.unwrap().items.remove(0);

        let confirm = Confirm { deliveries: vec![told.id] };
        let first = ops.confirm(&call(), confirm.clone()).await.unwrap();
        let second = ops.confirm(&call(), confirm).await.unwrap();

        assert_eq!((first.confirmed, second.confirmed), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn sagas_are_listed_newest_first_page_by_page() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let (lease, now) = (Duration::from_secs(6), shop.clock.now());
        for id in ["a", "b", "c"] {
            let (_, started) = Saga::start(("checkout", id), now, lease, now);
            let chain = Chain::of("SELECT 'placed' AS what", vec![]).then(started);
            shop.orders.chain(chain).await.unwrap();
        }
        let ops = shop.ops(&shop.orders);
        let list = async |state: Option<&str>, cursor| {
            let page = PageRequest { limit: 2, cursor };
            ops.sagas(&call(), ListSagas { state: state.map(str::to_owned), page }).await.unwrap()
        };

        let first = list(Some("running"), None).await;
        let second = list(None, first.next.clone()).await;

        let ids: Vec<_> =
            first.items.iter().chain(&second.items).map(|saga| saga.id.as_str()).collect();
        assert_eq!(ids, ["c", "b", "a"]);
        assert_eq!(list(Some("settled"), None).await.items, []);
    })
    .await;
}

#[tokio::test]
async fn the_audit_finds_what_does_not_add_up() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let events = shop.start(Noting::well()).await;
        for number in 1..=3 {
            shop.change("a", number).await;
        }
        events.drain().await.unwrap();
        shop.change("b", 1).await;
        let sane = (audit(&shop, &shop.orders).await, audit(&shop, &shop.payments).await);

        breaks(&shop, &shop.orders, "DELETE FROM outbox WHERE key = 'b'").await;
        breaks(&shop, &shop.orders, "UPDATE outbox_key SET last = 2 WHERE key = 'a'").await;
        breaks(&shop, &shop.payments, "UPDATE inbox_mark SET sequence = 2").await;
        breaks(&shop, &shop.payments, "UPDATE inbox SET state = 'pending' WHERE sequence = 2")
            .await;

        assert_eq!(sane, (vec![], vec![]));
        let (producer, subscriber) =
            (audit(&shop, &shop.orders).await, audit(&shop, &shop.payments).await);
        let starts =
            |lines: &[String], text| lines.iter().filter(|line| line.starts_with(text)).count();
        assert_eq!(starts(&producer, "an event is lost"), 1, "{producer:?}");
        assert_eq!(starts(&producer, "an event is numbered past"), 1, "{producer:?}");
        assert_eq!(starts(&subscriber, "a handled event is not marked"), 1, "{subscriber:?}");
        assert_eq!(starts(&subscriber, "a later event of the same key"), 1, "{subscriber:?}");
    })
    .await;
}

async fn audit(shop: &Shop, database: &Database) -> Vec<String> {
    shop.ops(database).audit(&call(), Audit {}).await.unwrap()
}

async fn breaks(shop: &Shop, database: &Database, sql: &str) {
    let uow = UnitOfWork::begin(database, shop.clock.now()).await.unwrap();
    assert!(uow.run(sql, params![]).await.unwrap() > 0, "{sql}");
    uow.commit().await.unwrap();
}
