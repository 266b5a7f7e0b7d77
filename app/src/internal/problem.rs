use std::time::Duration;

use axum::http::StatusCode;
use kernel::{CallError, Executed, Failure, FailureKind, Refusal, RefusalKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A refusal or a failure as it goes over the wire: problem+json that decodes back into the same error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:galleria:refusal:<code>` or `urn:galleria:failure:<kind>`.
    pub r#type: String,
    /// What it is, in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The refusal's stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The refusal, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Value>,
    /// The failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<WireFailure>,
}

/// A failure without its causes, which stay in the log of the process that it happened in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WireFailure {
    kind: FailureKind,
    executed: Executed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl Problem {
    /// What is sent for an error.
    pub fn of<R: Refusal>(error: &CallError<R>) -> Self {
        match error {
            CallError::Refused(refusal) => Self::refused(refusal),
            CallError::Failed(failure) => Self::failed(failure),
        }
    }

    fn refused<R: Refusal>(refusal: &R) -> Self {
        let code = refusal.code();
        Self {
            r#type: format!("urn:galleria:refusal:{code}"),
            title: refusal.to_string(),
            status: status_of_refusal(refusal.kind()).as_u16(),
            code: Some(code),
            refusal: serde_json::to_value(refusal).ok(),
            failure: None,
        }
    }

    /// What is sent for a failure. Its causes are not.
    pub fn failed(failure: &Failure) -> Self {
        let kind = serde_json::to_value(failure.kind).unwrap_or_default();
        let retry_after_ms =
            failure.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        Self {
            r#type: format!("urn:galleria:failure:{}", kind.as_str().unwrap_or_default()),
            title: failure.to_string(),
            status: status_of_failure(failure.kind).as_u16(),
            code: None,
            refusal: None,
            failure: Some(WireFailure {
                kind: failure.kind,
                executed: failure.executed,
                retry_after_ms,
            }),
        }
    }

    /// The error that was sent. A refusal that this version does not know becomes a failure that keeps it.
    pub fn into_error<R: Refusal>(self) -> CallError<R> {
        if let Some(refusal) = self.refusal {
            if let Ok(known) = serde_json::from_value(refusal.clone()) {
                return CallError::Refused(known);
            }
            let mut failure = Failure::new(FailureKind::Mismatch).not_executed();
            failure.unknown_refusal = Some(refusal);
            return failure.into();
        }
        let Some(sent) = self.failure else {
            let cause = format!("answered {} {}", self.status, self.title);
            return Failure::new(FailureKind::Mismatch).because(cause).into();
        };
        let mut failure = Failure::new(sent.kind);
        failure.executed = sent.executed;
        failure.retry_after = sent.retry_after_ms.map(Duration::from_millis);
        failure.into()
    }
}

fn status_of_refusal(kind: RefusalKind) -> StatusCode {
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

fn status_of_failure(kind: FailureKind) -> StatusCode {
    match kind {
        FailureKind::Unavailable | FailureKind::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        FailureKind::Deadline => StatusCode::GATEWAY_TIMEOUT,
        FailureKind::Denied => StatusCode::UNAUTHORIZED,
        FailureKind::Mismatch => StatusCode::BAD_REQUEST,
        FailureKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FailureKind::Panicked | FailureKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
