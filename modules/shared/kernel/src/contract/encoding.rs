//! From messages to bytes and back: the only part of a way over a transport that knows types.

use std::future::Future;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{Stream, StreamExt as _, stream};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CallStream, Frame, Frames, Problem, Unanswered};
use crate::{CallError, Failure, FailureKind, Refusal};

/// A method at work, whatever its types.
pub type Answering = BoxFuture<'static, Result<Bytes, Unanswered>>;

/// A streaming method at work, whatever its types.
pub type Opening = BoxFuture<'static, Result<CallStream<Bytes>, Unanswered>>;

/// A message on its way.
pub fn encoded<Q: Serialize>(request: &Q) -> Result<Bytes, Failure> {
    let body = serde_json::to_vec(request);
    Ok(body.map_err(|error| Failure::internal(error).not_executed())?.into())
}

/// Reads a message and has it answered.
pub fn answering<Q, A, R, F>(body: &[u8], answer: impl FnOnce(Q) -> F) -> Result<Answering, Failure>
where
    Q: DeserializeOwned,
    A: Serialize,
    R: Refusal,
    F: Future<Output = Result<A, CallError<R>>> + Send + 'static,
{
    let answer = answer(read(body)?);
    Ok(Box::pin(async move { written(&answer.await.map_err(sent)?) }))
}

/// Reads a message and has it answered by a stream.
pub fn opening<Q, A, R, F>(body: &[u8], answer: impl FnOnce(Q) -> F) -> Result<Opening, Failure>
where
    Q: DeserializeOwned,
    A: Serialize + Send + 'static,
    R: Refusal,
    F: Future<Output = Result<CallStream<A>, CallError<R>>> + Send + 'static,
{
    let answer = answer(read(body)?);
    Ok(Box::pin(async move {
        let items = answer.await.map_err(sent)?;
        let items =
            items.map(|item| Ok(serde_json::to_vec(&item?).map_err(Failure::internal)?.into()));
        Ok(CallStream::new(items))
    }))
}

/// What an answer says. One that can't be read is a mismatch, and what it answers was done.
pub(super) fn decoded<A: DeserializeOwned>(answer: &[u8]) -> Result<A, Failure> {
    serde_json::from_slice(answer).map_err(mismatch)
}

/// The frames of a stream, which always end with their end.
pub(super) fn frames_of(items: CallStream<Bytes>) -> Frames {
    let frames = items.map(|item| match item {
        Ok(item) => Frame::Item(item),
        Err(failure) => Frame::Failed(Box::new(Problem::failed(&failure))),
    });
    frames.chain(stream::iter([Frame::End])).map(Ok).boxed()
}

/// The items of frames that must end with their end.
pub(super) fn items_of<A: DeserializeOwned + Send + 'static>(
    frames: Frames,
) -> impl Stream<Item = Result<A, Failure>> + Send + 'static {
    stream::unfold(Some(frames), |open| async move {
        let mut frames = open?;
        match frames.next().await {
            Some(Ok(Frame::Item(item))) => match decoded(&item) {
                Ok(item) => Some((Ok(item), Some(frames))),
                Err(failure) => Some((Err(failure), None)),
            },
            Some(Ok(Frame::End)) => None,
            Some(Ok(Frame::Failed(problem))) => {
                let unknown = || Failure::new(FailureKind::Mismatch);
                Some((Err(problem.failure().unwrap_or_else(unknown)), None))
            }
            Some(Err(failure)) => Some((Err(failure), None)),
            None => Some((Err(Failure::unavailable("the stream stopped without its end")), None)),
        }
    })
}

fn read<Q: DeserializeOwned>(body: &[u8]) -> Result<Q, Failure> {
    serde_json::from_slice(body).map_err(|error| mismatch(error).not_executed())
}

fn written<A: Serialize>(answer: &A) -> Result<Bytes, Unanswered> {
    Ok(serde_json::to_vec(answer).map_err(Failure::internal)?.into())
}

fn sent<R: Refusal>(error: CallError<R>) -> Unanswered {
    match error {
        CallError::Failed(failure) => Unanswered::Failed(failure),
        refused @ CallError::Refused(_) => Unanswered::Problem(Box::new(Problem::of(&refused))),
    }
}

fn mismatch(error: serde_json::Error) -> Failure {
    Failure::new(FailureKind::Mismatch).because(error)
}
