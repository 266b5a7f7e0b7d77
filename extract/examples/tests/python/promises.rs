//! The module keeps the promises of its contract, as every module does.

use std::collections::BTreeSet;
use std::sync::Arc;

use conformance::{Faulty, Noted, answering};
use contract_suites::recommendations::{SUITE, Sales, Stage};
use extract_http::HttpChannel;
use kernel::contract::{Contract as _, Peer};
use kernel::{OrderId, SkuId, UserId, async_trait};
use recommendations_contract::{FakeRecommendations, Recommendations};

use crate::events::{CANCELLED, bought, delivery, offered};
use crate::module::{Module, can_run, of};
use crate::over_nats;

/// Tells the module of orders over its channel, as `orders` does.
struct Told(HttpChannel);

#[async_trait]
impl Sales for Told {
    async fn bought(&self, order: OrderId, skus: &[SkuId], buyer: Option<UserId>) {
        let skus: Vec<&str> = skus.iter().map(SkuId::as_str).collect();
        let buyer = buyer.map(|buyer| buyer.to_string());
        let event = bought(&order.to_string(), &skus, buyer.as_deref());
        offered(&self.0, &of("orders"), &[event]).await.unwrap();
    }

    async fn cancelled(&self, order: OrderId) {
        let event = delivery(CANCELLED, &order.to_string(), |_| {});
        offered(&self.0, &of("orders"), &[event]).await.unwrap();
    }
}

async fn all_hold(module: &Module, peer: Peer) {
    all_hold_of(module, <dyn Recommendations>::remote(peer)).await;
}

async fn all_hold_of(module: &Module, recommendations: Arc<dyn Recommendations>) {
    let sales = Arc::new(Told(module.channel()));
    for sentence in SUITE.sentences {
        eprintln!("{}", sentence.name);
        let (recommendations, sales) = (Arc::clone(&recommendations), Arc::<Told>::clone(&sales));
        (sentence.holds)(Stage { recommendations, sales }).await;
    }
}

#[tokio::test]
async fn it_keeps_its_promises_over_http_and_the_suite_leaves_nothing_out() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let noted = Noted::new(Arc::new(module.channel()));

    all_hold(&module, Peer::new(noted.clone())).await;

    assert_eq!(noted.unheard(SUITE.contract), BTreeSet::new());
}

#[tokio::test]
async fn it_keeps_its_promises_over_nats() {
    let Some(stage) = over_nats::Stage::open().await else { return };

    all_hold(&stage.module, Peer::new(Arc::new(stage.channel().await))).await;

    stage.close().await;
}

#[tokio::test]
async fn it_keeps_its_promises_over_a_faulty_network() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    for seed in 1..=3 {
        eprintln!("seed {seed}");
        let network = Faulty::by(seed, Arc::new(module.channel()));
        all_hold(&module, network.into_peer()).await;
    }
}

#[tokio::test]
async fn a_fake_that_answers_like_it_keeps_its_promises() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let own = module.recommendations();

    all_hold_of(&module, answering!(FakeRecommendations by own; related popular for_buyer)).await;
}
