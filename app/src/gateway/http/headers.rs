use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use kernel::IdempotencyKey;
use serde::Serialize;

use super::Problem;

/// The version that the client wants to change, if it says one.
pub(crate) struct IfMatch(pub(crate) Option<u64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = only(&parts.headers, &header::IF_MATCH)? else { return Ok(Self(None)) };
        if value == "*" {
            return Ok(Self(None));
        }
        let tag = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        match tag.and_then(|tag| tag.parse().ok()) {
            Some(version) => Ok(Self(Some(version))),
            // Any other tag is of no version of ours.
            None => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition-failed",
                "it changed since it was read",
            )),
        }
    }
}

/// An object that can be changed, with the tag of its version.
pub(crate) struct Versioned<T> {
    pub(crate) version: u64,
    pub(crate) body: T,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", self.version)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// The key that names a write.
pub(crate) struct Key(pub(crate) IdempotencyKey);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        const NAME: HeaderName = HeaderName::from_static("idempotency-key");
        let Some(text) = only(&parts.headers, &NAME)? else {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "idempotency-key-missing",
                "this call needs an Idempotency-Key",
            ));
        };
        IdempotencyKey::parse(text).map(Self).ok_or_else(|| {
            Problem::invalid("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
        })
    }
}

/// The number of the last event that the client has; 0 for none.
pub(crate) struct LastEventId(pub(crate) u64);

impl<S: Sync> FromRequestParts<S> for LastEventId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        const NAME: HeaderName = HeaderName::from_static("last-event-id");
        let number = match only(&parts.headers, &NAME)? {
            None | Some("") => Some(0),
            // What a database can't count to names no event.
            Some(text) => text.parse().ok().filter(|number| *number <= i64::MAX.unsigned_abs()),
        };
        number.map(Self).ok_or_else(|| Problem::invalid("Last-Event-ID", "is not an event of ours"))
    }
}

/// The text of a header that may be there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match value.to_str() {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Problem::invalid(canonical(name), "must be visible ASCII characters")),
        },
        (Some(_), Some(_)) => Err(Problem::invalid(canonical(name), "must be there once")),
    }
}

/// The header's name as people write it.
fn canonical(name: &HeaderName) -> &'static str {
    match name.as_str() {
        "if-match" => "If-Match",
        "idempotency-key" => "Idempotency-Key",
        "x-order-token" => "X-Order-Token",
        _ => "Last-Event-ID",
    }
}
