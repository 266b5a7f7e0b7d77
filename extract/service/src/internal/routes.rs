use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::ModuleName;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use super::{Hosted, ready};

/// What the internal listener tells besides answering calls.
pub(crate) struct Internal {
    /// The modules, for `/readyz`.
    pub(crate) modules: Vec<Hosted>,
    /// As whom others are asked.
    pub(crate) asks: ModuleName,
    /// What was measured, for `/metrics`.
    pub(crate) metrics: PrometheusHandle,
}

/// `/livez`, `/readyz` and `/metrics`.
pub(crate) fn router(internal: Internal) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(internal))
}

async fn livez() -> Response {
    answer(StatusCode::OK, "application/json", json!({"status": "live"}).to_string())
}

async fn readyz(State(internal): State<Arc<Internal>>) -> Response {
    let (ready, modules) = ready(&internal.modules, &internal.asks).await;
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

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    (status, [kind], body).into_response()
}
