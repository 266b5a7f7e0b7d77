use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CallError, Executed, Failure, FailureKind, Refusal};

/// A refusal or a failure as it goes over the wire: problem+json (RFC 9457) that decodes back into the same error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WireFailure {
    /// What sort of failure. A newer peer may know more, which are read as `internal`.
    kind: String,
    /// `no` if the call certainly had no effect, else `unknown`.
    executed: String,
    /// When to try again, if somebody knows.
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
            status: refusal.kind().status(),
            code: Some(code),
            refusal: serde_json::to_value(refusal).ok(),
            failure: None,
        }
    }

    /// What is sent for a failure. Its causes are not.
    pub fn failed(failure: &Failure) -> Self {
        Self {
            r#type: format!("urn:galleria:failure:{}", failure.kind.as_str()),
            title: failure.to_string(),
            status: failure.kind.status(),
            code: None,
            refusal: None,
            failure: Some(WireFailure::of(failure)),
        }
    }

    /// The failure that was sent; none if it is a refusal.
    pub fn failure(&self) -> Option<Failure> {
        match (&self.refusal, &self.failure) {
            (Some(_), _) => None,
            (None, Some(sent)) => Some(sent.received()),
            (None, None) => {
                let cause = format!("answered {} {}", self.status, self.title);
                Some(Failure::new(FailureKind::Mismatch).because(cause))
            }
        }
    }

    /// The error that was sent. A refusal that this version does not know becomes a failure that keeps it.
    pub fn into_error<R: Refusal>(self) -> CallError<R> {
        if let Some(failure) = self.failure() {
            return failure.into();
        }
        let refusal = self.refusal.unwrap_or_default();
        if let Ok(known) = R::deserialize(&refusal) {
            return CallError::Refused(known);
        }
        let mut failure = Failure::new(FailureKind::Mismatch).not_executed();
        failure.unknown_refusal = Some(refusal);
        failure.into()
    }
}

impl WireFailure {
    fn of(failure: &Failure) -> Self {
        let retry_after = failure.retry_after.map(|wait| wait.as_millis());
        Self {
            kind: failure.kind.as_str().to_owned(),
            executed: failure.executed.as_str().to_owned(),
            retry_after_ms: retry_after.map(|wait| u64::try_from(wait).unwrap_or(u64::MAX)),
        }
    }

    fn received(&self) -> Failure {
        let kind = FailureKind::ALL.into_iter().find(|kind| kind.as_str() == self.kind);
        let mut failure = match kind {
            Some(kind) => Failure::new(kind),
            None => Failure::internal(format!("failed as {}", self.kind)),
        };
        if self.executed == Executed::No.as_str() {
            failure.executed = Executed::No;
        }
        failure.retry_after = self.retry_after_ms.map(Duration::from_millis);
        failure
    }
}
