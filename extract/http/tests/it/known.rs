//! For how long a peer is taken for what it said it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use conformance::call;
use extract_wire::{Acquainted, Introduces, Introduction};
use kernel::contract::{Attempt, Channel, Contract as _, Frames, Peer, Unanswered};
use kernel::{Call, CallError, Failure, FailureKind};

use crate::versions::{DeskRefusal, broken, earlier};

/// A peer whose next release breaks its callers.
struct Replaced {
    introduced: AtomicUsize,
}

impl Replaced {
    fn introduced(&self) -> usize {
        self.introduced.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Channel for Replaced {
    async fn call(&self, _: Attempt<'_>) -> Result<Bytes, Unanswered> {
        Ok(Bytes::from_static(br#"{"items": 1, "state": "tidy"}"#))
    }

    async fn open(&self, _: Attempt<'_>) -> Result<Frames, Unanswered> {
        Err(Unanswered::Failed(Failure::unavailable("a desk streams nothing")))
    }
}

#[async_trait]
impl Introduces for Replaced {
    async fn introduction(&self, _: &str, _: &Call) -> Result<Introduction, Unanswered> {
        Ok(Introduction::of(match self.introduced.fetch_add(1, Ordering::Relaxed) {
            0 => <dyn earlier::Desk>::DESCRIPTOR,
            _ => <dyn broken::Desk>::DESCRIPTOR,
        }))
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_is_asked_again_now_and_then_as_its_next_release_may_be_another() {
    let peer = Arc::new(Replaced { introduced: AtomicUsize::new(0) });
    let ours = <dyn earlier::Desk>::DESCRIPTOR;
    let acquainted = Acquainted::new(peer.clone(), [(ours.address(), ours)]);
    let caller = <dyn earlier::Desk>::remote(Peer::new(Arc::new(acquainted)));
    let look = async || caller.look(&call(), earlier::Look { drawer: 3 }).await.map(drop);

    for _ in 0..2 {
        look().await.unwrap();
        tokio::time::advance(Duration::from_secs(14)).await;
    }
    assert_eq!(peer.introduced(), 1);

    tokio::time::advance(Duration::from_secs(3)).await;
    for _ in 0..2 {
        assert!(is_mismatch(&look().await));
    }
    assert_eq!(peer.introduced(), 2);

    tokio::time::advance(Duration::from_secs(3)).await;
    assert!(is_mismatch(&look().await));
    assert_eq!(peer.introduced(), 3);
}

fn is_mismatch(answer: &Result<(), CallError<DeskRefusal>>) -> bool {
    matches!(answer, Err(CallError::Failed(failure)) if failure.kind == FailureKind::Mismatch)
}
