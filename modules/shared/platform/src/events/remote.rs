use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Call, CallError, Failure, FailureKind, ModuleName};

use super::inbox::{Inbox, Offered, Taken};
use crate::ops::{Offer, Ops};

/// A process takes calls of 8 MiB; this leaves room for what is around them.
const LARGEST: usize = 8 * 1024 * 1024 - 64 * 1024;
/// Shorter than a lease, so that an offer is over before it is made again.
const BUDGET: Duration = Duration::from_secs(10);

/// The inbox of a module of another process, which is called and answers when it has what it was offered.
pub fn remote_inbox(subscriber: Arc<dyn Ops>) -> Arc<dyn Inbox> {
    Arc::new(RemoteInbox { subscriber })
}

struct RemoteInbox {
    subscriber: Arc<dyn Ops>,
}

#[async_trait]
impl Inbox for RemoteInbox {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        let Some(first) = offers.first() else { return Ok(Taken::Stored) };
        let producer = ModuleName::of(&first.envelope.name);
        let call = Call::system(producer, BUDGET);
        let offer = Offer { deliveries: offers.to_vec() };
        match self.subscriber.offer(&call, offer).await {
            Ok(()) => Ok(Taken::Stored),
            Err(CallError::Failed(failure)) => Err(failure),
            Err(CallError::Refused(refusal)) => {
                let cause = format!("{} was offered events: {refusal}", first.subscription);
                Err(Failure::new(FailureKind::Mismatch).because(cause).not_executed())
            }
        }
    }

    fn largest(&self) -> usize {
        LARGEST
    }
}
