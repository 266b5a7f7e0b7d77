//! What is refused, by the module and by ours in the same words.

use std::sync::Arc;
use std::time::Duration;

use extract_http::{ServeSettings, Serving, router};
use extract_wire::CallHead;
use kernel::contract::{Contract as _, Unattended};
use kernel::{Executed, FailureKind, SystemClock};
use recommendations_contract::{FakeRecommendations, Recommendations};
use tokio::net::TcpListener;

use crate::module::{FRIEND, Module, can_run, keys};
use crate::raw::{Raw, TARGET, Told, head};

/// The same contract, served by ours.
async fn ours() -> u16 {
    let fake = Arc::new(FakeRecommendations::default());
    fake.popular.answer(|_, _| std::future::ready(Ok(Vec::new())));
    let dispatch = <dyn Recommendations>::dispatcher(fake, &Unattended::default());
    let (clock, settings) = (Arc::new(SystemClock), ServeSettings::default());
    let router =
        router(Arc::new(Serving::new(keys(FRIEND, &[]), clock, settings).contract(dispatch)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

const DENIED: Told = (401, Some((FailureKind::Denied, Executed::No)));
const MISMATCH: Told = (400, Some((FailureKind::Mismatch, Executed::No)));
const LARGE: Told = (413, Some((FailureKind::TooLarge, Executed::No)));
const LATE: Told = (504, Some((FailureKind::Deadline, Executed::No)));

async fn told(messages: Vec<(&str, Raw, Told)>) {
    let (module, ours) = (Module::start(), ours().await);
    for (what, message, expected) in messages {
        assert_eq!(message.send(ours).await, expected, "ours: {what}");
        assert_eq!(message.send(module.port).await, expected, "theirs: {what}");
    }
    assert_eq!(Raw::new().send(module.port).await, (200, None));
}

fn signed(number: u8, head: &CallHead, age: u64) -> Raw {
    Raw::signed(&keys(number, &[]), TARGET, head, br#"{"limit":5}"#, Duration::from_secs(age))
}

#[tokio::test]
async fn forged_expired_and_moved_tokens_are_denied() {
    if !can_run() {
        return;
    }
    let admin = r#"{"kind":"admin","id":"01a1fcf3-e87f-75a8-8465-80a5ab4d300a"}"#;
    let moved = |target| Raw { target, ..Raw::new() };
    let token = Raw::new().headers["authorization"].clone();
    let resigned = |signature: &dyn Fn(&str) -> String| {
        let right = Raw::new();
        let (start, end) = right.headers["authorization"].rsplit_once('.').unwrap();
        let token = format!("{start}.{}", signature(end));
        right.clone().with("authorization", &token)
    };
    let of_another = token.rsplit_once('.').unwrap().1.to_owned();
    told(vec![
        ("none", Raw::new().without("authorization"), DENIED),
        ("no token", Raw::new().with("authorization", "Bearer a.b.c"), DENIED),
        ("unsigned", resigned(&|_| String::new()), DENIED),
        ("signed for another call", resigned(&|_| of_another.clone()), DENIED),
        ("signed otherwise", resigned(&|end| end.chars().rev().collect()), DENIED),
        ("of another call", Raw::new().with("authorization", &token), DENIED),
        ("a stranger's", signed(9, &head(), 0), DENIED),
        ("expired", signed(FRIEND, &head(), 66), DENIED),
        ("for another method", moved(("recommendations.v1", "related")), DENIED),
        ("for another contract", moved(("recommendations-ops.v1", "popular")), DENIED),
        ("with another body", Raw { body: br#"{"limit":6}"#.to_vec(), ..Raw::new() }, DENIED),
        ("with another principal", Raw::new().with("x-call-principal", admin), DENIED),
        ("with another deadline", Raw::new().with("x-call-deadline-ms", "60000"), DENIED),
        ("with a key", Raw::new().with("idempotency-key", "key"), DENIED),
        ("as another attempt", Raw::new().with("x-call-attempt", "2"), DENIED),
        ("as another caller", Raw::new().with("x-call-caller", "orders"), DENIED),
    ])
    .await;
}

#[tokio::test]
async fn a_token_opens_once() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let message = Raw::new();

    assert_eq!(message.send(module.port).await, (200, None));
    assert_eq!(message.send(module.port).await, DENIED);
}

#[tokio::test]
async fn a_peer_speaks_as_its_own_module_alone() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let head = CallHead { caller: "payments".to_owned(), ..head() };

    assert_eq!(signed(FRIEND, &head, 0).send(module.port).await, DENIED);
}

#[tokio::test]
async fn what_can_not_be_read_is_a_mismatch_and_nothing_is_executed() {
    if !can_run() {
        return;
    }
    let body = |body: &str| Raw::of(TARGET, body.as_bytes());
    let deep = |depth| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        body(&format!("{{\"limit\":5,\"new\":{open}{close}}}"))
    };
    told(vec![
        ("no id", Raw::new().without("x-call-id"), MISMATCH),
        ("no deadline", Raw::new().without("x-call-deadline-ms"), MISMATCH),
        ("no number", Raw::new().with("x-call-attempt", "one"), MISMATCH),
        ("a number that is too large", Raw::new().with("x-call-attempt", "4294967296"), MISMATCH),
        ("no principal", Raw::new().with("x-call-principal", "{}"), MISMATCH),
        ("no key", Raw::new().with("idempotency-key", "a b"), MISMATCH),
        ("no JSON", body("{"), MISMATCH),
        ("nothing", body(""), MISMATCH),
        ("no UTF-8", Raw::of(TARGET, b"{\"limit\":5,\"among\":[\"\xff\"]}"), MISMATCH),
        ("another type", body(r#"{"limit":"5"}"#), MISMATCH),
        ("no whole number", body(r#"{"limit":5.0}"#), MISMATCH),
        ("too much", body(r#"{"limit":4294967296}"#), MISMATCH),
        ("too little", body("{}"), MISMATCH),
        ("a SKU that is none", body(r#"{"limit":5,"among":[""]}"#), MISMATCH),
        ("no number of JSON", body(r#"{"limit":NaN}"#), MISMATCH),
        ("too deep", deep(64), MISMATCH),
        ("far too deep", deep(100_000), MISMATCH),
        ("another method", Raw::of(("recommendations.v1", "steal"), b"{}"), MISMATCH),
        ("another version", Raw::of(("recommendations.v2", "popular"), b"{}"), MISMATCH),
    ])
    .await;
    let module = Module::start();
    assert_eq!(deep(63).send(module.port).await, (200, None));
    assert_eq!(body(r#"{"limit":5,"new":{"a":1}}"#).send(module.port).await, (200, None));
}

#[tokio::test]
async fn what_is_too_large_or_too_late_is_not_begun() {
    if !can_run() {
        return;
    }
    let padded = |size: usize| {
        let mut body = vec![b' '; size];
        body.extend_from_slice(br#"{"limit":5}"#);
        Raw::of(TARGET, &body)
    };
    let most = ServeSettings::default().largest_body;
    let late = CallHead { deadline_ms: 0, ..head() };
    told(vec![
        ("too large", padded(most - 10), LARGE),
        ("too late", signed(FRIEND, &late, 0), LATE),
    ])
    .await;
    let module = Module::start();
    assert_eq!(padded(most - 11).send(module.port).await, (200, None));
}
