use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};

use super::bulkhead::Permit;
use super::caught::{caught, within};
use crate::Failure;

/// The answer of a streaming method. Refusals come before it; after a failure nothing comes, and without one it is whole.
pub struct CallStream<T>(BoxStream<'static, Result<T, Failure>>);

impl<T: Send + 'static> CallStream<T> {
    /// Takes any stream.
    pub fn new(stream: impl Stream<Item = Result<T, Failure>> + Send + 'static) -> Self {
        Self(stream.boxed())
    }

    /// The same items until the deadline, panics as failures, and nothing after a failure.
    pub(super) fn until(self, deadline: Instant) -> Self {
        let items = stream::unfold(Some(self.0), move |open| async move {
            let mut items = open?;
            match within(deadline, caught(items.next())).await {
                Ok(Ok(Some(Ok(item)))) => Some((Ok(item), Some(items))),
                Ok(Ok(None)) => None,
                Ok(Ok(Some(Err(failure))) | Err(failure)) | Err(failure) => {
                    Some((Err(failure), None))
                }
            }
        });
        Self(items.boxed())
    }

    /// [`Self::until`], and with its place in the bulkhead until it is dropped.
    pub(super) fn guarded(self, deadline: Instant, inside: Permit) -> Self {
        let items = self.until(deadline).0;
        Self::new(items.inspect(move |_| {
            let _held = &inside;
        }))
    }
}

impl<T> Stream for CallStream<T> {
    type Item = Result<T, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}
