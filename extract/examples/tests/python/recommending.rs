use kernel::contract::{Contract as _, ContractDescriptor};
use kernel::{CallError, Executed, FailureKind, Page, PageRequest, Principal, SkuId};
use platform::ops::{GetHealth, Health, ListDeliveries, Ops};
use recommendations_contract::{Recommendations, Recommended, Related};

use crate::events::{CONFIRMED, bought, delivery, offered, order};
use crate::module::{Module, OPS, call, can_run, of};

fn skus(skus: &[&str]) -> Vec<SkuId> {
    skus.iter().map(|sku| sku.parse().unwrap()).collect()
}

fn told(recommended: &[Recommended]) -> Vec<(&str, u64)> {
    recommended.iter().map(|one| (one.sku.as_str(), one.orders)).collect()
}

fn guest() -> Principal {
    Principal::Guest { proof: None }
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
        offered(&module.channel(), &of("orders"), std::slice::from_ref(event)).await.unwrap();
    }
    let module = module.restart();

    assert_eq!(told(&related(&module, &["A"]).await), [("B", 1)]);
    let page = PageRequest { limit: 1, cursor: None };
    let request = ListDeliveries { state: None, subscription: None, before: None, page };
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
    let refused =
        failure(offered(&module.channel(), &of("orders"), &[good.clone(), unknown]).await);
    let unread = failure(offered(&module.channel(), &of("orders"), &[good.clone(), broken]).await);
    let torn = failure(offered(&module.channel(), &of("orders"), &[good.clone(), doubled]).await);
    let stolen =
        failure(offered(&module.channel(), &of("gateway"), std::slice::from_ref(&good)).await);

    assert_eq!(refused, None, "it is a refusal");
    assert_eq!(unread, Some((FailureKind::Mismatch, Executed::No)));
    assert_eq!(torn, Some((FailureKind::Internal, Executed::Unknown)));
    assert_eq!(stolen, Some((FailureKind::Denied, Executed::No)));
    assert_eq!(related(&module, &["A"]).await, []);
}
