use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Call, CallError, Failure, FailureKind, ModuleName, Principal, UserId};
use platform::ops::{Offer, Ops as _, OpsRefusal};
use platform::{Inbox, Offered, Sql as _, Taken, local_inbox, remote_inbox};
use testkit::on_each_server;

use crate::broker::Broker;
use crate::shop::{Noting, OrderChanged, Shop, changed};

/// What is offered of one change of the order `a`.
async fn offered(shop: &Shop) -> Vec<Offered> {
    let broker = Broker::new(usize::MAX);
    let producing = shop.produce(broker.clone()).await;
    shop.change("a", 1).await;
    producing.drain().await.unwrap();
    broker.take().await.remove(0)
}

fn producer() -> Call {
    Call::system(ModuleName::new("orders"), Duration::from_secs(10))
}

#[tokio::test]
async fn a_subscriber_in_another_process_is_told_by_calls() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let producing = shop.produce(remote_inbox(Arc::new(shop.ops(&shop.payments)))).await;
        let listening = shop.listen(Noting::well()).await;
        for number in 1..=40 {
            shop.change(&format!("order-{}", number % 3), number).await;
        }

        producing.drain().await.unwrap();
        let untold = shop.orders.number("SELECT COUNT(*) FROM delivery", vec![]).await.unwrap();
        listening.drain().await.unwrap();

        assert_eq!(untold, 0);
        let noted = shop.noted().await;
        assert_eq!(noted.values().map(Vec::len).sum::<usize>(), 40);
        assert!(noted.values().all(|noted| noted.is_sorted()), "{noted:?}");
    })
    .await;
}

#[tokio::test]
async fn an_offer_is_refused_where_nobody_subscribed_and_offered_again() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let ops = Arc::new(shop.ops(&shop.payments));
        let producing = shop.produce(remote_inbox(ops.clone())).await;
        shop.change("a", 1).await;

        let failed = producing.drain().await.unwrap_err();
        let offer = Offer { deliveries: offered(&shop).await };
        let refused = ops.offer(&producer(), offer).await;
        shop.clock.advance(shop.settings.lease);
        let listening = shop.listen(Noting::well()).await;
        producing.drain().await.unwrap();
        listening.drain().await.unwrap();

        assert!(failed.chain().contains("no such subscription"), "{}", failed.chain());
        assert!(matches!(refused, Err(CallError::Refused(OpsRefusal::UnknownSubscription))));
        assert_eq!(shop.noted_of("a").await, [1, 1]);
    })
    .await;
}

#[tokio::test]
async fn only_the_producer_of_an_event_may_offer_it() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let (ops, _listening) = (shop.ops(&shop.payments), shop.listen(Noting::well()).await);
        let offer = Offer { deliveries: offered(&shop).await };
        let a_second = Duration::from_secs(1);
        let admin = Principal::Admin { id: UserId::generate() };
        let strangers = [
            Call::system(ModuleName::new("inventory"), a_second),
            Call::new(ModuleName::new("orders"), admin, a_second),
        ];

        for call in strangers {
            let denied = ops.offer(&call, offer.clone()).await;
            assert!(
                matches!(&denied, Err(CallError::Failed(failure)) if failure.kind == FailureKind::Denied),
                "{denied:?}"
            );
        }
        let stored = shop.payments.number("SELECT COUNT(*) FROM inbox", vec![]).await.unwrap();
        ops.offer(&producer(), offer).await.unwrap();

        assert_eq!(stored, 0);
        assert_eq!(shop.payments.number("SELECT COUNT(*) FROM inbox", vec![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_no_call_can_carry_holds_back_its_own_key_alone() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let producing = shop.produce(remote_inbox(Arc::new(shop.ops(&shop.payments)))).await;
        let listening = shop.listen(Noting::well()).await;
        shop.change("a", 1).await;
        let personal = Some("x".repeat(8 * 1024 * 1024));
        shop.publish(&OrderChanged { personal, ..changed("a", 2) }).await;
        shop.change("a", 3).await;

        producing.drain().await.unwrap();
        shop.change("b", 1).await;
        shop.clock.advance(shop.settings.lease);
        producing.drain().await.unwrap();
        shop.change("b", 2).await;
        producing.drain().await.unwrap();
        listening.drain().await.unwrap();

        assert_eq!(shop.noted_of("a").await, [1]);
        assert_eq!(shop.noted_of("b").await, [1, 2]);
    })
    .await;
}

/// A way on which something lets less through than anybody said.
struct Narrow(Arc<dyn Inbox>);

#[async_trait]
impl Inbox for Narrow {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        if serde_json::to_string(offers).unwrap().len() > 4_000 {
            return Err(Failure::new(FailureKind::TooLarge).not_executed());
        }
        self.0.store(offers).await
    }
}

#[tokio::test]
async fn offers_become_as_small_as_what_gets_through() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        let inbox = local_inbox(shop.payments.clone(), shop.clock.clone());
        let producing = shop.produce(Arc::new(Narrow(inbox))).await;
        let listening = shop.listen(Noting::well()).await;
        for number in 1..=60 {
            shop.change(&format!("order-{}", number % 5), number).await;
        }
        let personal = Some("x".repeat(6_000));
        shop.publish(&OrderChanged { personal, ..changed("large", 1) }).await;

        let mut refused = 0;
        while producing.drain().await.is_err() {
            refused += 1;
            assert!(refused < 20, "it never gets through");
        }
        listening.drain().await.unwrap();

        let noted = shop.noted().await;
        assert!((1..12).contains(&refused), "{refused}");
        assert_eq!(noted.values().map(Vec::len).sum::<usize>(), 60);
        assert!(noted.values().all(|noted| noted.is_sorted()), "{noted:?}");
    })
    .await;
}
