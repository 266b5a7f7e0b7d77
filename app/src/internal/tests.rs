use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt as _;
use kernel::{Call, CallError, Clock, Executed, Failure, FailureKind, ModuleName};
use platform::ops::{GetDelivery, OpsRefusal};
use tempfile::TempDir;
use testkit::ManualClock;
use tower::ServiceExt as _;

use super::{CallHead, Internal, Problem, Seen, ServiceKeys, Table, issue, router};
use crate::settings::ServiceSettings;

fn own_keys(directory: &TempDir) -> ServiceKeys {
    ServiceKeys::open(&ServiceSettings::default(), directory.path()).unwrap()
}

fn head() -> CallHead {
    CallHead::of(&Call::system(ModuleName::new("cli"), Duration::from_secs(10))).unwrap()
}

#[test]
fn a_refusal_and_a_failure_survive_the_wire() {
    let refused = Problem::of(&CallError::Refused(OpsRefusal::NotFound));
    let failure =
        Failure::unavailable("secret cause").not_executed().retry_after(Duration::from_secs(2));
    let failed = Problem::failed(&failure);

    let sent = serde_json::to_string(&failed).unwrap();
    assert!(!sent.contains("secret cause"), "{sent}");
    assert!(matches!(refused.into_error(), CallError::Refused(OpsRefusal::NotFound)));
    let CallError::<OpsRefusal>::Failed(back) = failed.into_error() else { panic!("refused") };
    assert_eq!((back.kind, back.executed), (FailureKind::Unavailable, Executed::No));
    assert_eq!(back.retry_after, Some(Duration::from_secs(2)));
}

#[test]
fn a_refusal_that_this_version_does_not_know_is_kept() {
    let mut newer = Problem::of(&CallError::Refused(OpsRefusal::NotFound));
    newer.refusal = Some(serde_json::json!({"code": "brand-new", "left": 3}));

    let CallError::<OpsRefusal>::Failed(failure) = newer.into_error() else { panic!("refused") };

    assert_eq!(failure.kind, FailureKind::Mismatch);
    assert_eq!(failure.unknown_refusal.unwrap()["left"], 3);
}

fn breaks() -> Poll<Result<(), CallError<OpsRefusal>>> {
    panic!("as it must")
}

fn internal(directory: &TempDir) -> Arc<Internal> {
    let mut table = Table::default();
    table.serve("stub.v1", "answer", |_, request: GetDelivery| {
        Box::pin(async move { Ok::<_, CallError<OpsRefusal>>(request) })
    });
    table.serve("stub.v1", "panic", |_, _: serde_json::Value| {
        Box::pin(std::future::poll_fn(|_| breaks()))
    });
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
    const ASK: &str = r#"{"delivery":"01a1fcf3-e87f-75a8-8465-80a5ab4d300a"}"#;
    let directory = tempfile::tempdir().unwrap();
    let internal = internal(&directory);

    let answered = call(&internal, "answer", ASK, true).await;
    let unsigned = call(&internal, "answer", ASK, false).await;
    let unknown = call(&internal, "nothing", ASK, true).await;
    let unreadable = call(&internal, "answer", "{", true).await;

    assert_eq!(answered.status(), StatusCode::OK);
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(unsigned.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    assert_eq!(problem(unreadable).await.r#type, "urn:galleria:failure:mismatch");
}

#[tokio::test]
async fn a_panic_is_a_failure_whose_effect_is_not_known() {
    let directory = tempfile::tempdir().unwrap();

    let panicked = problem(call(&internal(&directory), "panic", "null", true).await).await;

    let CallError::<OpsRefusal>::Failed(failure) = panicked.into_error() else { panic!("refused") };
    assert_eq!((failure.kind, failure.executed), (FailureKind::Panicked, Executed::Unknown));
}
