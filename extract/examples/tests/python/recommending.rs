use kernel::contract::{Contract as _, ContractDescriptor};
use kernel::{CallError, Executed, FailureKind, Page, PageRequest, Principal, SkuId, UserId};
use platform::ops::{GetHealth, Health, ListDeliveries, Ops};
use recommendations_contract::{
    ForBuyer, Popular, RecommendationRefusal, Recommendations, Recommended, Related,
};

use crate::events::{CANCELLED, CONFIRMED, bought, delivery, offered, order};
use crate::module::{Module, OPS, call, can_run, of};

const ANA: &str = "01937a5e-7c00-7000-8000-0000000000d1";
const BOB: &str = "01937a5e-7c00-7000-8000-0000000000d2";

fn skus(skus: &[&str]) -> Vec<SkuId> {
    skus.iter().map(|sku| sku.parse().unwrap()).collect()
}

fn told(recommended: &[Recommended]) -> Vec<(&str, u64)> {
    recommended.iter().map(|one| (one.sku.as_str(), one.orders)).collect()
}

fn guest() -> Principal {
    Principal::Guest { proof: None }
}

fn buyer(id: &str) -> Principal {
    Principal::User { id: id.parse().unwrap() }
}

async fn related(module: &Module, to: &[&str]) -> Vec<Recommended> {
    let request = Related { skus: skus(to), limit: 10 };
    module.recommendations().related(&call(guest()), request).await.unwrap()
}

#[tokio::test]
async fn it_serves_the_contracts_that_the_code_knows() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let introduced = async |contract: &ContractDescriptor, address: &str| {
        let theirs = module.channel().introduction(address, &of("gateway")).await.unwrap();
        assert_eq!(theirs, extract_wire::Introduction::of(contract));
        theirs.meet(contract)
    };

    let own = introduced(<dyn Recommendations>::DESCRIPTOR, "recommendations.v1").await;
    let ops = introduced(<dyn Ops>::DESCRIPTOR, OPS).await;

    assert_eq!([own, ops], [extract_compatibility::Met::Same, extract_compatibility::Met::Same]);
}

#[tokio::test]
async fn it_is_ready_and_says_so_to_operators_alone() {
    if !can_run() {
        return;
    }
    let module = Module::start();

    let health = module.ops().health(&of("cli"), GetHealth {}).await.unwrap();
    let refused = module.ops().health(&call(guest()), GetHealth {}).await.unwrap_err();

    assert_eq!(health, Health { ready: true, detail: None });
    let CallError::Failed(failure) = refused else { panic!("{refused}") };
    assert_eq!((failure.kind, failure.executed), (FailureKind::Denied, Executed::No));
}

#[tokio::test]
async fn nothing_is_recommended_before_anything_was_bought() {
    if !can_run() {
        return;
    }
    let module = Module::start();

    assert_eq!(related(&module, &["A"]).await, []);
    let popular = Popular { among: None, limit: 10 };
    assert_eq!(module.recommendations().popular(&call(guest()), popular).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_refused_is_the_same_refusal_here() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let many = vec!["A".parse().unwrap(); 1001];
    let request = Related { skus: many, limit: 10 };

    let refused = module.recommendations().related(&call(guest()), request).await.unwrap_err();
    let CallError::Refused(refusal) = refused else { panic!("{refused}") };
    assert_eq!(refusal, RecommendationRefusal::TooManySkus { most: 1000 });

    let request = || ForBuyer { user: ANA.parse::<UserId>().unwrap(), limit: 10 };
    for stranger in [guest(), buyer(BOB)] {
        let asked = module.recommendations().for_buyer(&call(stranger), request()).await;
        let Err(CallError::Refused(refusal)) = asked else { panic!("{asked:?}") };
        assert_eq!(refusal, RecommendationRefusal::UnknownBuyer);
    }
    assert_eq!(module.recommendations().for_buyer(&call(buyer(ANA)), request()).await.unwrap(), []);
}

#[tokio::test]
async fn it_recommends_what_was_bought_together() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let events = [
        bought(&order(1), &["A", "B"], Some(ANA)),
        bought(&order(2), &["A", "B", "C"], Some(BOB)),
        bought(&order(3), &["C", "D"], None),
        bought(&order(4), &["A", "D"], None),
        delivery(CANCELLED, &order(4), |_| {}),
    ];
    offered(&module, &of("orders"), &events).await.unwrap();

    assert_eq!(told(&related(&module, &["A"]).await), [("B", 2), ("C", 1)]);
    assert_eq!(told(&related(&module, &["A", "C"]).await), [("B", 2), ("D", 1)]);
    let popular = async |among: Option<&[&str]>, limit| {
        let request = Popular { among: among.map(skus), limit };
        module.recommendations().popular(&call(guest()), request).await.unwrap()
    };
    assert_eq!(told(&popular(None, 3).await), [("A", 2), ("B", 2), ("C", 2)]);
    assert_eq!(told(&popular(Some(&["D", "C"]), 10).await), [("C", 2), ("D", 1)]);
    let request = ForBuyer { user: ANA.parse().unwrap(), limit: 10 };
    let own = module.recommendations().for_buyer(&call(buyer(ANA)), request).await.unwrap();
    assert_eq!(told(&own), [("C", 1)]);
}

#[tokio::test]
async fn an_event_that_comes_again_counts_once_and_survives_a_kill() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let event = bought(&order(1), &["A", "B"], None);
    let mut retold = event.clone();
    retold["generation"] = 2.into();
    retold["id"] = serde_json::json!(kernel::DeliveryId::generate());

    for event in [&event, &event, &retold] {
        offered(&module, &of("orders"), std::slice::from_ref(event)).await.unwrap();
    }
    let module = module.restart();

    assert_eq!(told(&related(&module, &["A"]).await), [("B", 1)]);
    let page = PageRequest { limit: 1, cursor: None };
    let request = ListDeliveries { state: None, subscription: None, page };
    let Page { items, next } = module.ops().deliveries(&of("cli"), request).await.unwrap();
    assert_eq!((items.len(), next.is_some()), (1, true));
    assert_eq!(items[0].key, order(1));
}

#[tokio::test]
async fn an_offer_is_stored_whole_or_not_at_all_and_only_from_its_producer() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let good = bought(&order(1), &["A", "B"], None);
    let mut unknown = bought(&order(2), &["A", "C"], None);
    unknown["subscription"] = "recommendations.unheard-of".into();
    let broken = delivery(CONFIRMED, &order(3), |data| data["lines"] = "none".into());

    let mut doubled = bought(&order(4), &["A", "D"], None);
    doubled["id"] = good["id"].clone();

    let failure = |outcome: Result<_, kernel::contract::Unanswered>| {
        outcome.unwrap_err().failure().map(|failure| (failure.kind, failure.executed))
    };
    let refused = failure(offered(&module, &of("orders"), &[good.clone(), unknown]).await);
    let unread = failure(offered(&module, &of("orders"), &[good.clone(), broken]).await);
    let torn = failure(offered(&module, &of("orders"), &[good.clone(), doubled]).await);
    let stolen = failure(offered(&module, &of("gateway"), std::slice::from_ref(&good)).await);

    assert_eq!(refused, None, "it is a refusal");
    assert_eq!(unread, Some((FailureKind::Mismatch, Executed::No)));
    assert_eq!(torn, Some((FailureKind::Internal, Executed::Unknown)));
    assert_eq!(stolen, Some((FailureKind::Denied, Executed::No)));
    assert_eq!(related(&module, &["A"]).await, []);
}
