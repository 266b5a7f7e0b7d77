use axum::http::{HeaderValue, StatusCode, header};

use super::Problem;
use super::problem::FieldError;

/// The problems that the gateway itself has with requests.
impl Problem {
    pub(crate) fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path")
    }

    pub(crate) fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "this path does not take this method",
        )
    }

    pub(crate) fn not_found(detail: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// One field that makes no sense.
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid_fields(vec![FieldError { field: field.into(), message: message.into() }])
    }

    pub(crate) fn invalid_fields(errors: Vec<FieldError>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-request",
            "some fields of the request make no sense",
        )
        .with("errors", serde_json::to_value(errors).unwrap_or_default())
    }

    pub(crate) fn malformed_json(detail: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed-json", detail)
    }

    pub(crate) fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload-too-large",
            format!("a body has at most {most} bytes"),
        )
    }

    pub(crate) fn unauthenticated(detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "your role does not allow that")
    }

    pub(crate) fn overloaded(seconds: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", "too much to do; try again soon")
            .retry_after(seconds)
    }

    pub(crate) fn deadline_exceeded() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "deadline-exceeded",
            "it took too long; it may have happened nevertheless",
        )
        .retry_after(1)
    }

    pub(crate) fn internal(cause: String) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal-error",
            "something broke on our side",
        )
        .because(cause)
    }
}

/// Names the field that a deserializer stopped at.
pub(super) fn field_error(path: &serde_path_to_error::Path, message: &str) -> FieldError {
    let parent = path.to_string();
    let parent = if parent == "." { "" } else { parent.as_str() };
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    for (start, ends, says) in [
        ("unknown field `", ["`, expected", "`, there are no fields"], "is not a known field"),
        ("missing field `", ["`", "`"], "is missing"),
        ("duplicate field `", ["`", "`"], "is there twice"),
    ] {
        let Some(rest) = message.strip_prefix(start) else { continue };
        let name = ends.iter().find_map(|end| Some(rest.split_once(end)?.0)).unwrap_or(rest);
        return FieldError { field: joined(parent, name), message: says.to_owned() };
    }
    FieldError { field: parent.to_owned(), message: message.to_owned() }
}

/// The path of a field, where the path of what holds it may have the field as its last part already.
fn joined(parent: &str, name: &str) -> String {
    match parent.strip_suffix(name) {
        _ if parent.is_empty() => name.to_owned(),
        Some(before) if before.is_empty() || before.ends_with('.') => parent.to_owned(),
        _ => format!("{parent}.{name}"),
    }
}
