use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::caught::within;
use super::encoding::{decoded, items_of};
use super::meters::note_retry;
use super::{Attempt, CallStream, Channel, ContractDescriptor, MethodDescriptor, Peer, Unanswered};
use crate::{Call, CallError, Refusal};

type Sent<T> = for<'a> fn(&'a dyn Channel, Attempt<'a>) -> BoxFuture<'a, Result<T, Unanswered>>;

/// A contract of another process: what every generated client calls through.
pub struct Remote {
    peer: Peer,
    address: String,
    descriptor: &'static ContractDescriptor,
}

impl Remote {
    /// The contract as a peer serves it.
    pub fn new(peer: Peer, descriptor: &'static ContractDescriptor) -> Self {
        let address = peer.address.clone().unwrap_or_else(|| descriptor.address());
        Self { peer, address, descriptor }
    }

    /// Calls a method, and tries again as its effect allows.
    pub async fn call<A: DeserializeOwned, R: Refusal>(
        &self,
        method: usize,
        call: &Call,
        body: Bytes,
    ) -> Result<A, CallError<R>> {
        let send: Sent<Bytes> = |channel, attempt| channel.call(attempt);
        let answer = self.attempts(method, call, body, send).await;
        Ok(decoded(&answer.map_err(Unanswered::into_error)?)?)
    }

    /// Opens a stream, and tries again as its effect allows for as long as it did not open.
    pub async fn open<A: DeserializeOwned + Send + 'static, R: Refusal>(
        &self,
        method: usize,
        call: &Call,
        body: Bytes,
    ) -> Result<CallStream<A>, CallError<R>> {
        let send: Sent<_> = |channel, attempt| channel.open(attempt);
        let frames = self.attempts(method, call, body, send).await;
        let items = items_of(frames.map_err(Unanswered::into_error)?);
        Ok(CallStream::new(items.boxed()).until(call.deadline))
    }

    async fn attempts<T>(
        &self,
        method: usize,
        call: &Call,
        body: Bytes,
        send: Sent<T>,
    ) -> Result<T, Unanswered> {
        call.check_deadline()?;
        let method = &self.descriptor.methods[method];
        self.peer.budget.earn();
        let (mut call, mut made) = (call.clone(), 1);
        loop {
            let attempt =
                Attempt { address: &self.address, method, call: &call, body: body.clone() };
            let answer = within(call.deadline, send(self.peer.channel.as_ref(), attempt)).await?;
            let Err(unanswered) = answer else { return answer };
            let Some(pause) = self.pause_after(method, &call, (made, &unanswered)) else {
                return Err(unanswered);
            };
            tokio::time::sleep_until(Instant::now() + pause).await;
            note_retry(&self.address, method.name);
            call.attempt += 1;
            made += 1;
        }
    }

    /// How long to wait before the next attempt; nothing if there is none.
    fn pause_after(
        &self,
        method: &MethodDescriptor,
        call: &Call,
        (made, unanswered): (u32, &Unanswered),
    ) -> Option<Duration> {
        let failure = unanswered.failure()?;
        let pause = self.peer.retry.pause_after(made).max(failure.retry_after.unwrap_or_default());
        let wanted = method.effect.may_repeat_after(&failure)
            && made < self.peer.retry.attempts
            && pause < call.remaining();
        (wanted && self.peer.budget.spend()).then_some(pause)
    }
}
