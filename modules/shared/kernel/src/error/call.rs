use super::{Failure, Refusal};

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
