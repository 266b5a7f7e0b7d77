use axum::http::StatusCode;
use kernel::{CallError, Failure, FailureKind, Refusal, RefusalKind};
use serde_json::{Map, Value};

use super::Problem;

impl<R: Refusal> From<CallError<R>> for Problem {
    fn from(error: CallError<R>) -> Self {
        match error {
            CallError::Refused(refusal) => Self::from_refusal(&refusal),
            CallError::Failed(failure) => failure.into(),
        }
    }
}

impl Problem {
    /// A refusal with its code and its fields.
    pub(crate) fn from_refusal<R: Refusal>(refusal: &R) -> Self {
        let mut fields = match serde_json::to_value(refusal) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let Some(Value::String(code)) = fields.remove("code") else {
            return Self::internal(format!("a refusal without a code: {refusal}"));
        };
        if code == "invalid" {
            return invalid(&fields, &refusal.to_string());
        }
        if let Some(field) = field_at_fault(&code) {
            return Self::invalid(field, refusal.to_string());
        }
        if code == "unauthenticated" {
            return Self::unauthenticated("sign in first");
        }
        let problem = Self::new(status(refusal.kind()), code, refusal.to_string());
        fields.into_iter().fold(problem, |problem, (field, value)| problem.with(&field, value))
    }
}

fn invalid(fields: &Map<String, Value>, message: &str) -> Problem {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    Problem::invalid(text("field").unwrap_or_default(), text("message").unwrap_or(message))
}

/// The refusals that are nothing but one field out of its range.
fn field_at_fault(code: &str) -> Option<&'static str> {
    match code {
        "unknown-cursor" => Some("cursor"),
        "invalid-slug" => Some("slug"),
        "invalid-parent" => Some("parent"),
        "invalid-password" => Some("password"),
        "invalid-amount" => Some("amount"),
        "email-missing" => Some("email"),
        "too-much" => Some("on_hand"),
        _ => None,
    }
}

fn status(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::Declined => StatusCode::PAYMENT_REQUIRED,
        RefusalKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::Stale => StatusCode::PRECONDITION_FAILED,
        RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let cause = failure.chain();
        let seconds = failure.retry_after.map_or(1, |wait| wait.as_secs());
        match failure.kind {
            FailureKind::Unavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "a part of the shop can't be reached; try again soon",
            )
            .retry_after(seconds),
            FailureKind::Overloaded => Self::overloaded(seconds),
            FailureKind::Deadline => Self::deadline_exceeded(),
            FailureKind::Denied
            | FailureKind::Mismatch
            | FailureKind::TooLarge
            | FailureKind::Panicked
            | FailureKind::Internal => return Self::internal(cause),
        }
        .because(cause)
    }
}
