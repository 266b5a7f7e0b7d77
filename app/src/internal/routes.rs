use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kernel::contract::Problem;
use kernel::{Clock, Failure, FailureKind};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use super::{CallHead, Hosted, Seen, ServiceKeys, Table, ready, verify};

/// A part of an import has 1 MiB before it is written as JSON.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// What the internal listener serves.
pub struct Internal {
    /// The methods of this process's modules.
    pub table: Table,
    /// Who may call them.
    pub keys: ServiceKeys,
    /// Which calls were made.
    pub seen: Seen,
    /// The modules, for `/readyz`.
    pub modules: Vec<Hosted>,
    /// What was measured, for `/metrics`.
    pub metrics: PrometheusHandle,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// `/livez`, `/readyz`, `/metrics` and `/rpc/<contract>.v<N>/<method>`.
pub fn router(internal: Arc<Internal>) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route("/rpc/{contract}/{method}", post(rpc))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(internal)
}

async fn livez() -> Response {
    answer(StatusCode::OK, "application/json", json!({"status": "live"}).to_string())
}

async fn readyz(State(internal): State<Arc<Internal>>) -> Response {
    let (ready, modules) = ready(&internal.modules).await;
    let (status, word) = if ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not-ready")
    };
    let body = json!({"status": word, "modules": modules}).to_string();
    answer(status, "application/json", body)
}

async fn metrics(State(internal): State<Arc<Internal>>) -> Response {
    internal.metrics.run_upkeep();
    answer(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", internal.metrics.render())
}

async fn rpc(
    State(internal): State<Arc<Internal>>,
    Path((contract, method)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match served(&internal, (&contract, &method), &headers, &body).await {
        Ok(body) => answer(StatusCode::OK, "application/json", body),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_GATEWAY);
            let body = serde_json::to_vec(&problem).unwrap_or_default();
            answer(status, "application/problem+json", body)
        }
    }
}

async fn served(
    internal: &Internal,
    target: (&str, &str),
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Bytes, Box<Problem>> {
    let failed = |failure: Failure| Box::new(Problem::failed(&failure));
    let head = CallHead::read(headers).map_err(failed)?;
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let (keys, now) = ((&internal.keys, &internal.seen), internal.clock.now());
    if let Err(refused) = verify(keys, token, target, (&head, body), now) {
        tracing::warn!(
            rpc.contract = target.0,
            rpc.method = target.1,
            "refused a service token: {refused}"
        );
        return Err(failed(Failure::new(FailureKind::Denied).not_executed()));
    }
    let call = head.into_call().map_err(failed)?;
    internal.table.dispatch(target, call, body).await
}

fn answer(status: StatusCode, kind: &'static str, body: impl Into<axum::body::Body>) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    (status, [kind], body.into()).into_response()
}
