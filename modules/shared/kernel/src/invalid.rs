/// A value that failed to parse, and why, in words a client can be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub String);

impl Invalid {
    /// Names the rule that was broken.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}
