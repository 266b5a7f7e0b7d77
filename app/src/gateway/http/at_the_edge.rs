use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Collected;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::{Context, Problem, cors};
use crate::gateway::Gateway;
use crate::gateway::operations::Route;

/// What every request goes through on its way in, and every answer on its way out.
pub(crate) async fn at_the_edge(
    State(gateway): State<Arc<Gateway>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let (mut parts, body) = request.into_parts();
    let context = Context::of(&parts, &gateway.server.trusted_proxies);
    let method = parts.method.clone();
    let private = parts.headers.contains_key(header::AUTHORIZATION)
        || parts.headers.contains_key("x-order-token");
    let origin = cors::allowed_origin(&parts.headers, &gateway.server.cors_origins);
    parts.extensions.insert(context.clone());
    let request = Request::from_parts(parts, body);
    let span = tracing::info_span!(
        "request",
        request.id = context.request_id(),
        trace.id = context.trace.trace_id(),
    );
    let served = served(&context);
    let inside = answer(&gateway, &context, request, (origin.is_some(), next));
    let mut response = inside.instrument(served.clone()).instrument(span.clone()).await;
    let route = response.extensions_mut().remove::<Route>();
    describe(&served, &method, route, response.status());
    let mut response = written(response, &context, &span);
    finish_headers(response.headers_mut(), &context);
    if private || route.is_none_or(Route::is_private) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Some(origin) = origin {
        cors::allow(response.headers_mut(), origin);
    }
    span.in_scope(|| record(&method, route, response.status(), started));
    response
}

/// What a collector of traces is told of the request. Not the span of the log, which is there to name the request alone.
fn served(context: &Context) -> Span {
    context.trace.adopt(tracing::debug_span!(
        "served",
        otel.kind = "server",
        otel.status_code = Empty,
        http.response.status_code = Empty,
        request.id = context.request_id(),
    ))
}

fn describe(served: &Span, method: &Method, route: Option<Route>, status: StatusCode) {
    let path = route.map_or("unmatched", |route| route.path);
    Collected::name(served, format_args!("{} {path}", label(method)));
    served.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        served.record("otel.status_code", "error");
    }
}

async fn answer(
    gateway: &Gateway,
    context: &Context,
    request: Request,
    (cross_origin, next): (bool, Next),
) -> Response {
    if cross_origin && cors::is_preflight(&request) {
        return cors::preflight();
    }
    match gateway.limits.enter(context.client) {
        Ok(_place) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// The answer with its problem written out, if it is one, and the cause logged.
fn written(mut response: Response, context: &Context, span: &tracing::Span) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if let Some(cause) = problem.cause() {
        span.in_scope(|| {
            tracing::error!(
                problem.code = problem.code(),
                error = cause,
                "a request failed: {cause}"
            );
        });
    }
    let mut written = problem.render(Some(context.request_id()));
    for (name, value) in response.headers() {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            written.headers_mut().append(name.clone(), value.clone());
        }
    }
    written
}

fn finish_headers(headers: &mut HeaderMap, context: &Context) {
    headers.insert(HeaderName::from_static("x-request-id"), context.request_id.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
}

/// Writes the access line and counts. Paths are not written: they may hold the key to a cart.
fn record(method: &Method, route: Option<Route>, status: StatusCode, started: Instant) {
    let elapsed = started.elapsed();
    let path = route.map_or("unmatched", |route| route.path);
    let method = label(method);
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    let code = status.as_u16();
    tracing::info!(
        http.request.method = method,
        http.route = path,
        http.response.status_code = code,
        duration.micros = micros,
        "{method} {path} {code}"
    );
    let status = status.as_str().to_owned();
    metrics::counter!("galleria_http_requests_total", "method" => method, "route" => path, "status" => status.clone())
        .increment(1);
    metrics::histogram!("galleria_http_request_duration_seconds", "method" => method, "route" => path, "status" => status)
        .record(elapsed);
}

/// The method as a label; what a client makes up is not one.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
