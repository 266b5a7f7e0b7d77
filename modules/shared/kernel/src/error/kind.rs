use serde::{Deserialize, Serialize};

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
