use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

/// A "no" or a failure as a client sees it: problem+json of RFC 9457, whose `code` is stable.
///
/// As an answer it has no body yet; the edge writes it, with the request's id, and logs its cause.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
    fields: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

/// A field of a request that makes no sense.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(crate) struct FieldError {
    /// The path of the field: `lines[0].quantity`.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: String,
    status: u16,
    code: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(flatten)]
    fields: &'a Map<String, Value>,
}

const RESERVED: [&str; 6] = ["type", "title", "status", "code", "detail", "request_id"];

impl Problem {
    /// A problem of a status and a stable code.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Parts {
            status,
            code: code.into(),
            detail: detail.into(),
            fields: Map::new(),
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// With a field of its own. The members that every problem has can't be replaced.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        if !RESERVED.contains(&field) {
            self.0.fields.insert(field.to_owned(), value.into());
        }
        self
    }

    /// With the cause, for the log alone.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The answer with its body.
    pub(crate) fn render(&self, request_id: Option<&str>) -> Response {
        let parts = &*self.0;
        let document = Document {
            r#type: format!("urn:galleria:problem:{}", parts.code),
            title: title(&parts.code),
            status: parts.status.as_u16(),
            code: &parts.code,
            detail: &parts.detail,
            request_id,
            fields: &parts.fields,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = parts.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(parts.headers.iter().cloned());
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// `out-of-stock` as `Out of stock`.
fn title(code: &str) -> String {
    let mut words = code.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
