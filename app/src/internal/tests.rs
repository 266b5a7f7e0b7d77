use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use http_body_util::BodyExt as _;
use kernel::contract::{Contract as _, Problem, Unattended};
use kernel::{Call, CallError, Clock, Executed, FailureKind, ModuleName};
use platform::ops::{FakeOps, Health, Ops, OpsRefusal};
use tempfile::TempDir;
use testkit::ManualClock;
use tower::ServiceExt as _;

use super::token::{Refused, issue, verify};
use super::{CallHead, Internal, Seen, ServiceKeys, Table, router};
use crate::settings::{Hidden, PeerSettings, ServiceSettings};

const TARGET: (&str, &str) = ("inventory-ops.v1", "health");
const BODY: &[u8] = b"{}";

fn own_keys(directory: &TempDir) -> ServiceKeys {
    ServiceKeys::open(&ServiceSettings::default(), directory.path()).unwrap()
}

fn head() -> CallHead {
    CallHead::of(&Call::system(ModuleName::new("cli"), Duration::from_secs(10))).unwrap()
}

struct Desk {
    keys: ServiceKeys,
    seen: Seen,
    clock: ManualClock,
    _directory: TempDir,
}

impl Desk {
    fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let keys = own_keys(&directory);
        Self { keys, seen: Seen::default(), clock: ManualClock::default(), _directory: directory }
    }

    fn token(&self, head: &CallHead) -> String {
        issue(&self.keys, TARGET, head, BODY, self.clock.now()).unwrap()
    }

    fn shown(
        &self,
        token: &str,
        target: (&str, &str),
        head: &CallHead,
        body: &[u8],
    ) -> Result<(), Refused> {
        verify((&self.keys, &self.seen), token, target, (head, body), self.clock.now())
    }
}

#[test]
fn a_token_is_good_for_its_call_once() {
    let (desk, head) = (Desk::open(), head());
    let token = desk.token(&head);

    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Ok(()));
    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Err(Refused::Replayed));
    desk.clock.advance(Duration::from_secs(64));
    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Err(Refused::Replayed));
    let second = CallHead { attempt: 2, ..head };
    assert_eq!(desk.shown(&desk.token(&second), TARGET, &second, BODY), Ok(()));
}

#[test]
fn a_token_is_good_for_a_minute() {
    let (desk, head) = (Desk::open(), head());
    let token = desk.token(&head);

    desk.clock.advance(Duration::from_secs(66));

    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Err(Refused::Expired));
}

#[test]
fn a_token_can_not_be_moved_to_another_call() {
    let (desk, head) = (Desk::open(), head());
    let token = desk.token(&head);
    let admin = br#"{"kind":"admin","id":"01a1fcf3-e87f-75a8-8465-80a5ab4d300a"}"#;
    let moved = [
        (("orders-ops.v1", "health"), head.clone(), BODY),
        (("inventory-ops.v1", "skip"), head.clone(), BODY),
        (TARGET, head.clone(), &b"{} "[..]),
        (TARGET, CallHead { id: "another".to_owned(), ..head.clone() }, BODY),
        (TARGET, CallHead { attempt: 2, ..head.clone() }, BODY),
        (TARGET, CallHead { deadline_ms: 60_000, ..head.clone() }, BODY),
        (TARGET, CallHead { key: Some("key".to_owned()), ..head.clone() }, BODY),
        (TARGET, CallHead { principal: admin.to_vec(), ..head.clone() }, BODY),
    ];

    for (target, head, body) in moved {
        assert_eq!(desk.shown(&token, target, &head, body), Err(Refused::Moved), "{head:?}");
    }
    let other_caller = CallHead { caller: "orders".to_owned(), ..head.clone() };
    assert_eq!(desk.shown(&token, TARGET, &other_caller, BODY), Err(Refused::Forged));
    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Ok(()));
}

#[test]
fn a_token_that_nobody_known_signed_is_refused() {
    let (desk, stranger, head) = (Desk::open(), Desk::open(), head());
    let token = desk.token(&head);
    let (start, signature) = token.rsplit_once('.').unwrap();
    let flipped: String =
        signature.chars().map(|letter| if letter == 'A' { 'B' } else { 'A' }).collect();

    for forged in
        [stranger.token(&head), format!("{start}.{flipped}"), String::new(), "a.b.c".to_owned()]
    {
        assert_eq!(desk.shown(&forged, TARGET, &head, BODY), Err(Refused::Forged), "{forged}");
    }
}

#[test]
fn a_peer_speaks_as_its_own_module_alone() {
    let directory = tempfile::tempdir().unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    let der = STANDARD.encode(key.to_pkcs8_der().unwrap().as_bytes());
    let of_peer = ServiceSettings { key: Some(Hidden::from(der)), peers: Vec::new() };
    let peer = ServiceKeys::open(&of_peer, directory.path()).unwrap();
    let public = STANDARD.encode(key.verifying_key().as_bytes());
    let peers = vec![PeerSettings { module: "orders".to_owned(), key: public }];
    let ours = ServiceKeys::open(&ServiceSettings { key: None, peers }, directory.path()).unwrap();
    let (clock, seen) = (ManualClock::default(), Seen::default());

    let shown = |caller: &str| {
        let head = CallHead { caller: caller.to_owned(), ..head() };
        let token = issue(&peer, TARGET, &head, BODY, clock.now()).unwrap();
        verify((&ours, &seen), &token, TARGET, (&head, BODY), clock.now())
    };

    assert_eq!(shown("orders"), Ok(()));
    assert_eq!(shown("payments"), Err(Refused::Forged));
}

#[test]
fn the_key_is_made_once_and_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();

    let (first, second) = (own_keys(&directory), own_keys(&directory));

    assert_eq!(first.own_id, second.own_id);
    let file = std::fs::metadata(directory.path().join("service.key")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

fn breaks() -> Result<Health, CallError<OpsRefusal>> {
    panic!("as it must")
}

fn internal(directory: &TempDir) -> Arc<Internal> {
    let (mut table, ops) = (Table::default(), FakeOps::default());
    ops.unsubscribe.answer(|_, _| async { Ok(()) });
    ops.health.answer(|_, _| async { breaks() });
    table.serve("stub.v1", <dyn Ops>::dispatcher(Arc::new(ops), &Unattended::default()));
    Arc::new(Internal {
        table,
        keys: own_keys(directory),
        seen: Seen::default(),
        modules: Vec::new(),
        metrics: metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle(),
        clock: Arc::new(ManualClock::default()),
    })
}

async fn call(
    internal: &Arc<Internal>,
    method: &str,
    body: &'static str,
    signed: bool,
) -> Response {
    let (head, target) = (head(), ("stub.v1", method));
    let now = internal.clock.now();
    let token = issue(&internal.keys, target, &head, body.as_bytes(), now).unwrap();
    let mut request =
        Request::post(format!("/rpc/stub.v1/{method}")).body(Body::from(body)).unwrap();
    head.write(request.headers_mut()).unwrap();
    if signed {
        let bearer = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    router(Arc::clone(internal)).oneshot(request).await.unwrap()
}

async fn problem(response: Response) -> Problem {
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn a_call_needs_a_token_and_a_method_that_there_is() {
    const ASK: &str = r#"{"subscription":"orders.none"}"#;
    let directory = tempfile::tempdir().unwrap();
    let internal = internal(&directory);

    let answered = call(&internal, "unsubscribe", ASK, true).await;
    let unsigned = call(&internal, "unsubscribe", ASK, false).await;
    let unknown = call(&internal, "nothing", ASK, true).await;
    let unreadable = call(&internal, "unsubscribe", "{", true).await;

    assert_eq!(answered.status(), StatusCode::OK);
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(unsigned.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    assert_eq!(problem(unreadable).await.r#type, "urn:galleria:failure:mismatch");
}

#[tokio::test]
async fn a_panic_is_a_failure_whose_effect_is_not_known() {
    let directory = tempfile::tempdir().unwrap();

    let panicked = problem(call(&internal(&directory), "health", "{}", true).await).await;

    let CallError::<OpsRefusal>::Failed(failure) = panicked.into_error() else { panic!("refused") };
    assert_eq!((failure.kind, failure.executed), (FailureKind::Panicked, Executed::Unknown));
}
