use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;

use super::{MethodDescriptor, Problem};
use crate::{Call, CallError, Failure, FailureKind, Refusal};

/// One attempt of one call, ready to be sent.
#[derive(Debug, Clone)]
pub struct Attempt<'a> {
    /// Where the contract is served: `inventory.v1`, or `orders-ops.v1`.
    pub address: &'a str,
    /// What is called.
    pub method: &'static MethodDescriptor,
    /// With which context. Its `attempt` says which attempt this is.
    pub call: &'a Call,
    /// The message, as JSON.
    pub body: Bytes,
}

/// Why an attempt brought no answer.
#[derive(Debug, Clone)]
pub enum Unanswered {
    /// The callee said so.
    Problem(Box<Problem>),
    /// It went wrong on the way, or the callee is in this process.
    Failed(Failure),
}

impl Unanswered {
    /// The failure, if it is none of the method's own refusals.
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::Problem(problem) => problem.failure(),
            Self::Failed(failure) => Some(failure.clone()),
        }
    }

    /// What the caller is told.
    pub fn into_error<R: Refusal>(self) -> CallError<R> {
        match self {
            Self::Problem(problem) => problem.into_error(),
            Self::Failed(failure) => failure.into(),
        }
    }
}

impl From<Failure> for Unanswered {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A part of a stream on its way.
#[derive(Debug, Clone)]
pub enum Frame {
    /// An item, as JSON.
    Item(Bytes),
    /// It ends here with a failure.
    Failed(Box<Problem>),
    /// It ends here, and is whole. A stream that stops without one of the two is cut.
    End,
}

/// A stream on its way.
pub type Frames = BoxStream<'static, Result<Frame, Failure>>;

/// A transport to another process. It makes one attempt at a time, and tries nothing again by itself.
#[async_trait]
pub trait Channel: Send + Sync + 'static {
    /// Brings a message to its callee and the answer back. A failure on the way says whether the callee may have begun.
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered>;

    /// The same for an answer in parts. A transport that has none fails, unexecuted.
    async fn open(&self, attempt: Attempt<'_>) -> Result<Frames, Unanswered> {
        let cause = format!("no streams on the way to {}", attempt.address);
        Err(Failure::new(FailureKind::Mismatch).because(cause).not_executed().into())
    }
}
