use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Executed, FailureKind};

/// Something went wrong that no caller can act on but by trying again, later or never.
///
/// Its text never contains its source; whoever logs it walks the chain, once, at the edge.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What sort of failure.
    pub kind: FailureKind,
    /// Whether the call may have had its effect.
    pub executed: Executed,
    /// When to try again, if somebody knows.
    pub retry_after: Option<Duration>,
    /// The code and fields of a refusal that this caller's version does not know.
    pub unknown_refusal: Option<serde_json::Value>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure of a kind, whose effect is not known.
    pub fn new(kind: FailureKind) -> Self {
        Self {
            kind,
            executed: Executed::Unknown,
            retry_after: None,
            unknown_refusal: None,
            source: None,
        }
    }

    /// A bug or a broken store.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(FailureKind::Internal).because(source)
    }

    /// Nobody answers, and whether the effect took place is not known.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(FailureKind::Unavailable).because(source)
    }

    /// The deadline passed. Whether the effect took place is not known.
    pub fn deadline() -> Self {
        Self::new(FailureKind::Deadline)
    }

    /// Keeps the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// The call certainly had no effect.
    #[must_use]
    pub fn not_executed(mut self) -> Self {
        self.executed = Executed::No;
        self
    }

    /// When to try again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The failure and all its causes, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            FailureKind::Unavailable => "not reachable",
            FailureKind::Deadline => "deadline exceeded",
            FailureKind::Overloaded => "overloaded",
            FailureKind::Denied => "call denied",
            FailureKind::Mismatch => "versions do not match",
            FailureKind::TooLarge => "message too large",
            FailureKind::Panicked => "panicked",
            FailureKind::Internal => "internal error",
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl From<crate::MoneyError> for Failure {
    fn from(error: crate::MoneyError) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_keeps_its_causes_for_the_log_and_out_of_its_text() {
        let failure = Failure::internal(std::io::Error::other("disk on fire"));

        assert_eq!(failure.to_string(), "internal error");
        assert_eq!(failure.chain(), "internal error: disk on fire");
    }
}
