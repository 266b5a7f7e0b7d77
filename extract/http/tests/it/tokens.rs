use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use extract_http::{ServeSettings, Serving, router};
use extract_wire::{CallHead, issue};
use http_body_util::BodyExt as _;
use kernel::contract::{Contract as _, Problem, Unattended};
use kernel::{Clock, Executed, FailureKind, Timestamp};
use tower::ServiceExt as _;

use crate::desk::Desk;
use crate::shelf::{FakeShelf, SEEN, Shelf, call};

const TARGET: (&str, &str) = ("shelf.v1", "look");
const BODY: &str = r#"{"board":1}"#;

/// A clock that its test sets.
struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A process that counts how often its shelf was looked at.
struct Gate {
    desk: Desk,
    clock: Arc<ManualClock>,
    looks: Arc<AtomicU32>,
    router: Router,
}

impl Gate {
    fn open() -> Self {
        let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
        let clock = Arc::new(ManualClock(AtomicI64::new(1_800_000_000_000_000)));
        let looks = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&looks);
        shelf.look.answer(move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(SEEN))
        });
        let dispatch = <dyn Shelf>::dispatcher(shelf, &Unattended::default());
        let serving = Serving::new(desk.keys.clone(), clock.clone(), ServeSettings::default());
        let router = router(Arc::new(serving.contract(dispatch)));
        Self { desk, clock, looks, router }
    }

    fn token(&self, head: &CallHead) -> String {
        issue(&self.desk.keys, TARGET, head, BODY.as_bytes(), self.clock.now()).unwrap()
    }

    /// The status, and the failure if it was one.
    async fn shown(
        &self,
        token: &str,
        (address, method): (&str, &str),
        head: &CallHead,
        body: &'static str,
    ) -> (StatusCode, Option<(FailureKind, Executed)>) {
        let mut request = Request::post(format!("/rpc/{address}/{method}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body))
            .unwrap();
        head.write(request.headers_mut()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let problem = serde_json::from_slice::<Problem>(&body).ok();
        let failure = problem.and_then(|problem| problem.failure());
        (status, failure.map(|failure| (failure.kind, failure.executed)))
    }
}

const DENIED: (StatusCode, Option<(FailureKind, Executed)>) =
    (StatusCode::UNAUTHORIZED, Some((FailureKind::Denied, Executed::No)));

#[tokio::test]
async fn a_token_opens_once() {
    let gate = Gate::open();
    let head = CallHead::of(&call()).unwrap();
    let token = gate.token(&head);

    assert_eq!(gate.shown(&token, TARGET, &head, BODY).await, (StatusCode::OK, None));
    assert_eq!(gate.shown(&token, TARGET, &head, BODY).await, DENIED);
    assert_eq!(gate.looks.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn forged_expired_and_moved_tokens_are_denied_and_execute_nothing() {
    let (gate, stranger) = (Gate::open(), Gate::open());
    let head = CallHead::of(&call()).unwrap();
    let token = gate.token(&head);
    let other_key = CallHead { key: Some("key".to_owned()), ..head.clone() };
    let second = CallHead { attempt: 2, ..head.clone() };

    for forged in ["", "a.b.c", &stranger.token(&head)] {
        assert_eq!(gate.shown(forged, TARGET, &head, BODY).await, DENIED, "{forged}");
    }
    assert_eq!(gate.shown(&token, ("shelf.v1", "put"), &head, BODY).await, DENIED);
    assert_eq!(gate.shown(&token, ("shelf.v2", "look"), &head, BODY).await, DENIED);
    assert_eq!(gate.shown(&token, TARGET, &head, r#"{"board":2}"#).await, DENIED);
    assert_eq!(gate.shown(&token, TARGET, &other_key, BODY).await, DENIED);
    assert_eq!(gate.shown(&token, TARGET, &second, BODY).await, DENIED);
    let minute = i64::try_from(Duration::from_secs(66).as_micros()).unwrap();
    gate.clock.0.fetch_add(minute, Ordering::SeqCst);
    assert_eq!(gate.shown(&token, TARGET, &head, BODY).await, DENIED);
    assert_eq!(gate.looks.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_is_not_served_is_a_mismatch_and_not_executed() {
    let gate = Gate::open();
    let mismatch = Some((FailureKind::Mismatch, Executed::No));

    for target in [("shelf.v2", "look"), ("shelf.v1", "steal")] {
        let head = CallHead::of(&call()).unwrap();
        let token = issue(&gate.desk.keys, target, &head, BODY.as_bytes(), gate.clock.now());
        let (status, failure) = gate.shown(&token.unwrap(), target, &head, BODY).await;

        assert_eq!((status, failure), (StatusCode::BAD_REQUEST, mismatch), "{target:?}");
    }
}
