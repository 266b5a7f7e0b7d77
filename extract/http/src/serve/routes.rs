use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use extract_wire::{Answer, Serving};
use kernel::Failure;
use kernel::contract::Problem;

use super::{asked, lines};

/// `/rpc/<address>/<method>` and `/contracts/<address>`. It lays no limit of its own on bodies but that of the settings.
pub fn router(serving: Arc<Serving>) -> Router {
    Router::new()
        .route("/rpc/{address}/{method}", post(rpc))
        .route("/contracts/{address}", get(introduction))
        .with_state(serving)
}

async fn introduction(
    State(serving): State<Arc<Serving>>,
    Path(address): Path<String>,
) -> Response {
    match serving.find(&address) {
        Ok(served) => {
            let body = serde_json::to_vec(served.introduction()).unwrap_or_default();
            answer(StatusCode::OK, "application/json", body)
        }
        Err(failure) => refused(&Problem { status: 404, ..Problem::failed(&failure) }),
    }
}

async fn rpc(
    State(serving): State<Arc<Serving>>,
    Path((address, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let answered = answered(&serving, (&address, &method), request);
    answered.await.unwrap_or_else(|problem| refused(&problem))
}

async fn answered(
    serving: &Serving,
    (address, method): (&str, &str),
    request: Request,
) -> Result<Response, Box<Problem>> {
    let (call, body) = asked::read(serving, (address, method), request).await.map_err(failed)?;
    let served = serving.find(address).map_err(failed)?;
    // The future ends with the connection: hyper drops it when the caller goes away.
    Ok(match served.answer(method, call, &body).await? {
        Answer::Whole(body) => answer(StatusCode::OK, "application/json", body),
        Answer::Parts(frames) => {
            let lines = lines::lines_of(frames, serving.settings().heartbeat);
            answer(StatusCode::OK, lines::MEDIA_TYPE, Body::from_stream(lines))
        }
    })
}

#[expect(clippy::needless_pass_by_value, reason = "reads well behind `map_err`")]
fn failed(failure: Failure) -> Box<Problem> {
    Box::new(Problem::failed(&failure))
}

fn refused(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    answer(status, "application/problem+json", body)
}

fn answer(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    (status, [kind], body.into()).into_response()
}
