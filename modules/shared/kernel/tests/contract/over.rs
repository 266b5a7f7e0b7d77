//! Ways to a shelf.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use kernel::contract::{
    Attempt, Channel, Contract, Peer, Stack, StackSettings, Unanswered, Unattended,
};
use kernel::{Failure, async_trait};

use conformance::{InMemory, Shelf};

/// A transport that fails so for the first attempts, and notes the last attempt's number.
pub(crate) struct Failing<C> {
    pub(crate) first: u32,
    pub(crate) failure: Failure,
    pub(crate) then: C,
    pub(crate) made: AtomicU32,
    pub(crate) last_attempt: AtomicU32,
}

impl<C> Failing<C> {
    pub(crate) fn first(first: u32, failure: Failure, then: C) -> Arc<Self> {
        let (made, last_attempt) = (AtomicU32::new(0), AtomicU32::new(0));
        Arc::new(Self { first, failure, then, made, last_attempt })
    }

    pub(crate) fn made(&self) -> u32 {
        self.made.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl<C: Channel> Channel for Failing<C> {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        self.last_attempt.store(attempt.call.attempt, Ordering::SeqCst);
        if self.made.fetch_add(1, Ordering::SeqCst) < self.first {
            return Err(self.failure.clone().into());
        }
        self.then.call(attempt).await
    }
}

pub(crate) fn served(shelf: Arc<dyn Shelf>) -> InMemory {
    InMemory(<dyn Shelf>::dispatcher(shelf, &Unattended::default()))
}

pub(crate) fn remote(channel: impl Channel) -> Arc<dyn Shelf> {
    <dyn Shelf>::remote(Peer::new(Arc::new(channel)))
}

pub(crate) fn layered(shelf: Arc<dyn Shelf>, settings: StackSettings) -> Arc<dyn Shelf> {
    layered_with(shelf, settings, &Unattended::default())
}

pub(crate) fn layered_with(
    shelf: Arc<dyn Shelf>,
    settings: StackSettings,
    unattended: &Unattended,
) -> Arc<dyn Shelf> {
    <dyn Shelf>::layered(shelf, Stack::new(<dyn Shelf>::DESCRIPTOR, settings, unattended))
}
