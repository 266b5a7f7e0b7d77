use std::time::Duration;

use kernel::{Call, OrderId};
use platform::jobs;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// How often to look at an order that another process may settle.
const POLL: Duration = Duration::from_millis(500);
/// So many settle before somebody who waits looks at what it waits for: then it looks at it anyway.
const BEHIND: usize = 1_024;

/// Tells those who wait for an order in this process that it was settled.
#[derive(Debug)]
pub(crate) struct Settling(broadcast::Sender<OrderId>);

/// Somebody who waits for an order. It misses nothing that was told since it was made.
pub(crate) struct Waiting {
    order: OrderId,
    told: broadcast::Receiver<OrderId>,
}

impl Settling {
    pub(crate) fn tell(&self, order: OrderId) {
        // That nobody waits is no failure.
        let _none_waits = self.0.send(order);
    }

    pub(crate) fn of(&self, order: OrderId) -> Waiting {
        Waiting { order, told: self.0.subscribe() }
    }
}

impl Default for Settling {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND))
    }
}

impl Waiting {
    /// Waits until the order is worth a look, within the call's time.
    pub(crate) async fn again(&mut self, call: &Call) {
        let poll = jobs::pause(POLL.min(call.remaining()));
        let told = self.told();
        futures_util::future::select(std::pin::pin!(told), std::pin::pin!(poll)).await;
    }

    async fn told(&mut self) {
        loop {
            match self.told.recv().await {
                Ok(order) if order != self.order => {}
                Ok(_) | Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::MODULE;

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_an_order_is_not_woken_by_others() {
        let (settling, order) = (Settling::default(), OrderId::generate());
        let (mut waiting, call) = (settling.of(order), Call::system(MODULE, POLL * 60));
        let started = Instant::now();

        settling.tell(OrderId::generate());
        waiting.again(&call).await;
        assert_eq!(started.elapsed(), POLL);

        settling.tell(order);
        waiting.again(&call).await;
        assert_eq!(started.elapsed(), POLL);
    }
}
