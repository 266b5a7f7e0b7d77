//! For how long a peer is taken for what it said it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use conformance::{call, long_call};
use extract_wire::{Acquainted, Introduces, Introduction};
use futures_util::FutureExt as _;
use kernel::contract::{
    Attempt, Channel, Contract as _, ContractDescriptor, Frames, Peer, Unanswered,
};
use kernel::{Call, CallError, Failure, FailureKind};
use tokio::join;
use tokio::sync::Semaphore;

use crate::versions::{DeskRefusal, broken, earlier};

/// A peer that says what it serves, once it is ready.
struct Speaking {
    introduced: AtomicUsize,
    ready: Semaphore,
    says: fn(usize) -> &'static ContractDescriptor,
}

impl Speaking {
    fn new(ready: usize, says: fn(usize) -> &'static ContractDescriptor) -> Arc<Self> {
        Arc::new(Self { introduced: AtomicUsize::new(0), ready: Semaphore::new(ready), says })
    }

    fn introduced(&self) -> usize {
        self.introduced.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Channel for Speaking {
    async fn call(&self, _: Attempt<'_>) -> Result<Bytes, Unanswered> {
        Ok(Bytes::from_static(br#"{"items": 1, "state": "tidy"}"#))
    }

    async fn open(&self, _: Attempt<'_>) -> Result<Frames, Unanswered> {
        Err(Unanswered::Failed(Failure::unavailable("a desk streams nothing")))
    }
}

#[async_trait]
impl Introduces for Speaking {
    async fn introduction(&self, _: &str, _: &Call) -> Result<Introduction, Unanswered> {
        let earlier = self.introduced.fetch_add(1, Ordering::Relaxed);
        self.ready.acquire().await.map_err(Failure::internal)?.forget();
        Ok(Introduction::of((self.says)(earlier)))
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_is_asked_again_now_and_then_as_its_next_release_may_be_another() {
    let peer = Speaking::new(9, |earlier| match earlier {
        0 => <dyn earlier::Desk>::DESCRIPTOR,
        _ => <dyn broken::Desk>::DESCRIPTOR,
    });
    let ours = <dyn earlier::Desk>::DESCRIPTOR;
    let acquainted = Acquainted::new(peer.clone(), [(ours.address(), ours)]);
    let caller = <dyn earlier::Desk>::remote(Peer::new(Arc::new(acquainted)));
    // The clock of deadlines does not stand still with the one that is set here.
    let look = async || caller.look(&long_call(), earlier::Look { drawer: 3 }).await.map(drop);

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

#[tokio::test]
async fn what_a_hasty_caller_asked_is_answered_to_those_who_wait() {
    let peer = Speaking::new(0, |_| <dyn broken::Desk>::DESCRIPTOR);
    let ours = <dyn earlier::Desk>::DESCRIPTOR;
    let acquainted = Acquainted::new(peer.clone(), [(ours.address(), ours)]);
    let caller = <dyn earlier::Desk>::remote(Peer::new(Arc::new(acquainted)));
    let look = async || caller.look(&call(), earlier::Look { drawer: 3 }).await.map(drop);

    assert!(look().now_or_never().is_none());
    let (first, second, ()) = join!(look(), look(), async { peer.ready.add_permits(1) });

    assert!(is_mismatch(&first) && is_mismatch(&second));
    assert_eq!(peer.introduced(), 1);
}
