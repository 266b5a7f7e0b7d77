//! Versions N, N+1 and N−1 of a contract that meet over HTTP.

use std::sync::Arc;

use conformance::call;
use extract_compatibility::Met;
use extract_http::{ServeSettings, Serving, router};
use extract_wire::Acquainted;
use kernel::contract::{Contract, ContractDescriptor, Peer, Unattended};
use kernel::{CallError, Executed, FailureKind, SystemClock};
use tokio::net::TcpListener;

use crate::desk::{Desk, url_of};
use crate::versions::{broken, earlier, later};

async fn served<C: Contract + ?Sized>(desk: &Desk, contract: Arc<C>) -> String {
    let dispatch = C::dispatcher(contract, &Unattended::default());
    let clock = Arc::new(SystemClock);
    let serving = Serving::new(Arc::clone(&desk.0.keys), clock, ServeSettings::default());
    let router = router(Arc::new(serving.contract(dispatch)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = url_of(&listener);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn met(desk: &Desk, url: &str, ours: &ContractDescriptor) -> Met {
    let channel = desk.channel(&[url.to_owned()]);
    channel.introduction("desk.v1", &call()).await.unwrap().meet(ours)
}

fn peer(desk: &Desk, url: &str) -> Peer {
    Peer::new(desk.channel(&[url.to_owned()]))
}

fn earlier_desk() -> Arc<earlier::FakeDesk> {
    let fake = Arc::new(earlier::FakeDesk::default());
    fake.look.answer(|_, request| {
        let seen = earlier::Seen { items: request.drawer, state: earlier::State::Tidy };
        std::future::ready(Ok(seen))
    });
    fake
}

fn later_desk() -> Arc<later::FakeDesk> {
    let fake = Arc::new(later::FakeDesk::default());
    fake.look.answer(|_, request| {
        std::future::ready(match request.drawer {
            9 => Err(later::LaterRefusal::Locked { by: "ana".to_owned() }.into()),
            drawer => Ok(later::Seen { items: drawer, state: later::State::Messy, dust: 7 }),
        })
    });
    fake
}

#[tokio::test]
async fn the_same_version_is_the_same() {
    let desk = Desk::open();
    let url = served::<dyn earlier::Desk>(&desk, earlier_desk()).await;

    assert_eq!(met(&desk, &url, <dyn earlier::Desk>::DESCRIPTOR).await, Met::Same);
}

#[tokio::test]
async fn a_caller_gets_along_with_the_next_version_and_is_told_how_it_differs() {
    let desk = Desk::open();
    let url = served::<dyn later::Desk>(&desk, later_desk()).await;
    let caller = <dyn earlier::Desk>::remote(peer(&desk, &url));

    let Met::Compatible(differences) = met(&desk, &url, <dyn earlier::Desk>::DESCRIPTOR).await
    else {
        panic!("they get along")
    };

    assert_eq!(
        differences,
        [
            "look: answer.dust is not known to its reader",
            "look: refusal locked is given there and not known here",
            "tidy is served there and not known here",
        ]
    );
    let seen = caller.look(&call(), earlier::Look { drawer: 3 }).await.unwrap();
    assert_eq!(seen.state, earlier::State::Unknown("messy".to_owned()));
    let refused = caller.look(&call(), earlier::Look { drawer: 9 }).await.unwrap_err();
    let CallError::Failed(failure) = refused else { panic!("{refused}") };
    assert_eq!(failure.unknown_refusal.unwrap()["by"], "ana");
}

#[tokio::test]
async fn a_caller_gets_along_with_the_version_before() {
    let desk = Desk::open();
    let url = served::<dyn earlier::Desk>(&desk, earlier_desk()).await;
    let caller = <dyn later::Desk>::remote(peer(&desk, &url));

    let Met::Compatible(differences) = met(&desk, &url, <dyn later::Desk>::DESCRIPTOR).await else {
        panic!("they get along")
    };

    assert_eq!(
        differences,
        ["look: request.lamp is not known to its reader", "tidy is not served there",]
    );
    let look = || later::Look { drawer: 3, lamp: Some(true) };
    let seen = caller.look(&call(), look()).await.unwrap();
    assert_eq!(seen, later::Seen { items: 3, state: later::State::Tidy, dust: 0 });
    let CallError::Failed(failure) = caller.tidy(&call(), look()).await.unwrap_err() else {
        panic!("nobody serves it")
    };
    assert_eq!((failure.kind, failure.executed), (FailureKind::Mismatch, Executed::No));
}

#[tokio::test]
async fn an_incompatible_version_is_named_field_by_field() {
    let desk = Desk::open();
    let url = served::<dyn broken::Desk>(&desk, Arc::new(broken::FakeDesk::default())).await;

    let met = met(&desk, &url, <dyn earlier::Desk>::DESCRIPTOR).await;

    let failure = met.failure("desk.v1").unwrap();
    assert_eq!((failure.kind, failure.executed), (FailureKind::Mismatch, Executed::No));
    let told = failure.chain();
    for field in [
        "look: request.room is not sent, and is needed",
        "look: answer.items may be any text, which is not known there",
        "look: answer.state is not sent, and is needed",
    ] {
        assert!(told.contains(field), "{told}");
    }
}

#[tokio::test]
async fn a_call_to_an_incompatible_peer_is_not_made_and_names_the_fields() {
    let desk = Desk::open();
    let url = served::<dyn broken::Desk>(&desk, Arc::new(broken::FakeDesk::default())).await;
    let ours = <dyn earlier::Desk>::DESCRIPTOR;
    let acquainted = Acquainted::new(desk.channel(&[url]), [(ours.address(), ours)]);
    let caller = <dyn earlier::Desk>::remote(Peer::new(Arc::new(acquainted)));

    for _ in 0..2 {
        let refused = caller.look(&call(), earlier::Look { drawer: 3 }).await.unwrap_err();

        // The fake has no answer: it would have panicked.
        let CallError::Failed(failure) = refused else { panic!("{refused}") };
        assert_eq!((failure.kind, failure.executed), (FailureKind::Mismatch, Executed::No));
        assert!(failure.chain().contains("request.room"), "{}", failure.chain());
    }
}

#[tokio::test]
async fn a_call_to_a_compatible_peer_is_made() {
    let desk = Desk::open();
    let url = served::<dyn later::Desk>(&desk, later_desk()).await;
    let ours = <dyn earlier::Desk>::DESCRIPTOR;
    let acquainted = Acquainted::new(desk.channel(&[url]), [(ours.address(), ours)]);
    let caller = <dyn earlier::Desk>::remote(Peer::new(Arc::new(acquainted)));

    let seen = caller.look(&call(), earlier::Look { drawer: 3 }).await.unwrap();

    assert_eq!(seen.items, 3);
}

#[tokio::test]
async fn a_peer_that_does_not_say_what_it_serves_is_not_called() {
    let desk = Desk::open();
    let url = served::<dyn earlier::Desk>(&desk, earlier_desk()).await;
    let channel = desk.channel(&[url]);
    let mut silent = channel.introduction("desk.v1", &call()).await.unwrap();
    silent.document = serde_json::Value::Null;

    let failure = silent.meet(<dyn later::Desk>::DESCRIPTOR).failure("desk.v1").unwrap();

    assert!(failure.chain().contains("contract is null there"), "{}", failure.chain());
}
