use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt as _;
use kernel::contract::{Contract as _, Problem, Unattended};
use kernel::{Call, CallError, Executed, FailureKind, ModuleName};
use platform::ops::{FakeOps, Health, Ops, OpsRefusal};
use tempfile::TempDir;
use testkit::ManualClock;
use tower::ServiceExt as _;

use super::{CallHead, Internal, Seen, ServiceKeys, Table, issue, router};
use crate::settings::ServiceSettings;

fn own_keys(directory: &TempDir) -> ServiceKeys {
    ServiceKeys::open(&ServiceSettings::default(), directory.path()).unwrap()
}

fn head() -> CallHead {
    CallHead::of(&Call::system(ModuleName::new("cli"), Duration::from_secs(10))).unwrap()
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
