use std::sync::Arc;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use super::Problem;
use super::invalid::field_error;
use super::scan::{MAX_DEPTH, scan};
use crate::gateway::Gateway;

/// A JSON body, read within its limits and checked field by field.
pub(crate) struct Body<T>(pub(crate) T);

/// A JSON body that may be left out.
pub(crate) struct OptionalBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Gateway>> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        require_content_type(request.headers(), is_json, "application/json")?;
        parse(&read(request, gateway).await?).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Arc<Gateway>> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        if request.body().is_end_stream() {
            return Ok(Self(T::default()));
        }
        let typed = require_content_type(request.headers(), is_json, "application/json");
        let bytes = read(request, gateway).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        typed?;
        parse(&bytes).map(Self)
    }
}

fn is_json(essence: &str) -> bool {
    essence.eq_ignore_ascii_case("application/json")
        || essence.to_ascii_lowercase().ends_with("+json")
}

/// Refuses a body of another type.
pub(crate) fn require_content_type(
    headers: &HeaderMap,
    fits: fn(&str) -> bool,
    expected: &'static str,
) -> Result<(), Problem> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    if fits(essence.trim()) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        format!("the body must be {expected}"),
    ))
}

async fn read(request: Request, gateway: &Gateway) -> Result<Bytes, Problem> {
    let most = gateway.server.max_body_bytes;
    let until = Instant::now() + gateway.server.body_timeout();
    let mut body = request.into_body();
    let mut bytes = BytesMut::new();
    while let Some(chunk) = next_chunk(&mut body, until).await? {
        if bytes.len() + chunk.len() > most {
            return Err(Problem::too_large(most));
        }
        if bytes.is_empty() && body.is_end_stream() {
            return Ok(chunk);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// The next bytes of a body, or that the client was too slow or went away.
pub(crate) async fn next_chunk(
    body: &mut axum::body::Body,
    until: Instant,
) -> Result<Option<Bytes>, Problem> {
    loop {
        match timeout_at(until, body.frame()).await {
            Err(_) => return Err(too_slow()),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => {
                let detail = "the body ended early";
                return Err(Problem::new(StatusCode::BAD_REQUEST, "incomplete-body", detail));
            }
            Ok(Some(Ok(frame))) => {
                if let Ok(chunk) = frame.into_data() {
                    return Ok(Some(chunk));
                }
            }
        }
    }
}

fn too_slow() -> Problem {
    let detail = "the body did not come in time";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "request-timeout", detail)
        .header(header::CONNECTION, axum::http::HeaderValue::from_static("close"))
}

/// How long a client may pause within a streamed body.
impl Gateway {
    pub(crate) fn next_chunk_due(&self) -> Instant {
        Instant::now() + self.server.body_timeout().max(Duration::from_millis(1))
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let odd = scan(bytes);
    if let Some(field) = odd.too_deep {
        return Err(Problem::invalid(field, format!("nests deeper than {MAX_DEPTH}")));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        let message = inner.to_string();
        if inner.is_data() || message.starts_with("number out of range") {
            Problem::invalid_fields(vec![field_error(error.path(), &message)])
        } else {
            Problem::malformed_json(message)
        }
    })?;
    deserializer.end().map_err(|error| Problem::malformed_json(error.to_string()))?;
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::invalid("", "must be an object"));
    }
    // The types refuse it where they know the field; this is for what they do not look at.
    match odd.nul {
        Some(field) => Err(Problem::invalid(field, "must not contain U+0000")),
        None => Ok(value),
    }
}
