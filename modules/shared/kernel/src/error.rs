use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What a contract method answers when it does not answer: a refusal of its own, or a failure of anybody's.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError<R> {
    /// A business answer that the caller can act on.
    #[error("{0}")]
    Refused(R),
    /// Anything else. It may have happened nevertheless: see [`Failure::executed`].
    #[error("{0}")]
    Failed(Failure),
}

impl<R> CallError<R> {
    /// The same error with another refusal.
    pub fn map_refusal<Q>(self, convert: impl FnOnce(R) -> Q) -> CallError<Q> {
        match self {
            Self::Refused(refusal) => CallError::Refused(convert(refusal)),
            Self::Failed(failure) => CallError::Failed(failure),
        }
    }
}

impl<R: Refusal> CallError<R> {
    /// Takes a refusal that this caller can't do anything about for a failure.
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Refused(refusal) => Failure::internal(refusal),
            Self::Failed(failure) => failure,
        }
    }
}

impl<R> From<Failure> for CallError<R> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A typed "no". Serialises as an object whose `code` is stable and whose other fields belong to that code.
pub trait Refusal: Error + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What sort of "no" it is, for transports that have a word for it.
    fn kind(&self) -> RefusalKind;

    /// The kind of each variant, by the variant's name.
    fn kinds() -> &'static [(&'static str, RefusalKind)];

    /// The stable code, kebab-case.
    fn code(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => {
                fields.get("code").and_then(|code| code.as_str()).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        }
    }
}

/// The sorts of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// It does not exist, or not for this caller.
    NotFound,
    /// It does not fit the state that things are in.
    Conflict,
    /// The request makes no sense.
    Invalid,
    /// The payment was not accepted.
    Declined,
    /// Nobody known is asking.
    Unauthenticated,
    /// Somebody known is asking, who may not.
    Forbidden,
    /// The caller saw an older version.
    Stale,
    /// Too often.
    TooMany,
}

impl RefusalKind {
    /// The HTTP status that says so.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Invalid => 422,
            Self::Declined => 402,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::Stale => 412,
            Self::TooMany => 429,
        }
    }
}

/// States the kind of each variant of a refusal, and lets `?` carry it.
#[macro_export]
macro_rules! refusal {
    ($name:ident { $($variant:ident => $kind:ident),+ $(,)? }) => {
        impl $crate::Refusal for $name {
            fn kind(&self) -> $crate::RefusalKind {
                match self {
                    $(Self::$variant { .. } => $crate::RefusalKind::$kind,)+
                }
            }

            fn kinds() -> &'static [(&'static str, $crate::RefusalKind)] {
                &[$((stringify!($variant), $crate::RefusalKind::$kind)),+]
            }
        }

        impl From<$name> for $crate::CallError<$name> {
            fn from(refusal: $name) -> Self {
                Self::Refused(refusal)
            }
        }
    };
}

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

/// The sorts of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// Nobody answers.
    Unavailable,
    /// The deadline passed.
    Deadline,
    /// Somebody answers that there is too much to do.
    Overloaded,
    /// The caller is not allowed to call at all.
    Denied,
    /// The two sides do not speak the same version.
    Mismatch,
    /// The message is too large.
    TooLarge,
    /// The callee panicked.
    Panicked,
    /// The callee broke its own rules: a bug, or a broken store.
    Internal,
}

/// Whether a failed call may have had its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Executed {
    /// It certainly had none.
    No,
    /// Nobody knows yet; ask again with the same key.
    Unknown,
}

impl FailureKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Unavailable,
        Self::Deadline,
        Self::Overloaded,
        Self::Denied,
        Self::Mismatch,
        Self::TooLarge,
        Self::Panicked,
        Self::Internal,
    ];

    /// The stable name, kebab-case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Deadline => "deadline",
            Self::Overloaded => "overloaded",
            Self::Denied => "denied",
            Self::Mismatch => "mismatch",
            Self::TooLarge => "too-large",
            Self::Panicked => "panicked",
            Self::Internal => "internal",
        }
    }
}

impl FailureKind {
    /// The HTTP status that says so.
    pub const fn status(self) -> u16 {
        match self {
            Self::Unavailable | Self::Overloaded => 503,
            Self::Deadline => 504,
            Self::Denied => 401,
            Self::Mismatch => 400,
            Self::TooLarge => 413,
            Self::Panicked | Self::Internal => 500,
        }
    }
}

impl Executed {
    /// The stable name, kebab-case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
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

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
    #[serde(tag = "code", rename_all = "kebab-case")]
    enum BorrowRefusal {
        #[error("only {left} left")]
        TooFew { left: u32 },
    }
    crate::refusal!(BorrowRefusal { TooFew => Conflict });

    #[test]
    fn a_refusal_says_its_code_once() {
        assert_eq!(BorrowRefusal::TooFew { left: 2 }.code(), "too-few");
    }

    #[test]
    fn a_failure_keeps_its_causes_for_the_log_and_out_of_its_text() {
        let failure = Failure::internal(std::io::Error::other("disk on fire"));

        assert_eq!(failure.to_string(), "internal error");
        assert_eq!(failure.chain(), "internal error: disk on fire");
    }
}
