use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::PullConsumer;
use futures_util::{FutureExt as _, StreamExt as _};
use kernel::{Failure, Subscription};
use platform::ops::Ops;
use platform::{Inbox, jobs};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::settling::Settling;
use super::stream::EventStream;
use crate::Connection;

/// At most so many messages are asked for at once, and waited for so long. Nothing that was asked for is left behind when it
/// stops, as it would come again only after a while.
const MESSAGES: usize = 16;
const WAIT: Duration = Duration::from_secs(1);
/// How much later the broker may say that there was nothing.
const GRACE: Duration = Duration::from_secs(1);
/// How often it is looked whether stream and consumer are still there.
const CHECK: Duration = Duration::from_secs(30);
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// Takes what a producer in another process sent to one subscription, stores it in the inbox of this process, and confirms it.
/// Instances of the module share the work.
pub struct JetStreamListener {
    stream: EventStream,
    subscription: Subscription,
    settling: Settling,
}

/// The consumer, and when it was last made sure that it is there.
type Consumer = Option<(PullConsumer, Instant)>;

impl JetStreamListener {
    /// Listens for a subscription. `inbox` is that of its module, `producer` is what operators see of the event's module.
    pub fn new(
        connection: &Connection,
        subscription: Subscription,
        inbox: Arc<dyn Inbox>,
        producer: Arc<dyn Ops>,
    ) -> Self {
        let stream = EventStream::new(connection, &subscription.subscriber());
        Self { stream, subscription, settling: Settling { subscription, inbox, producer } }
    }

    /// Listens until it is told to stop, and ends when all that it had asked for is settled.
    pub async fn run(self, stop: CancellationToken) {
        let (mut consumer, mut failed) = (None, 0);
        while !stop.is_cancelled() {
            match self.round(&mut consumer).await {
                Ok(()) => failed = 0,
                Err(failure) => {
                    failed += 1;
                    consumer = None;
                    let name = self.subscription.name;
                    tracing::warn!(subscription = name, error = %failure.chain(), "{name} can't listen, tries again");
                    let wait = jobs::pause(jobs::backoff(FIRST_BACKOFF, LONGEST_BACKOFF, failed));
                    let _stopped = stop.run_until_cancelled(wait).await;
                }
            }
        }
    }

    /// Asks once for messages, and settles those that come.
    async fn round(&self, known: &mut Consumer) -> Result<(), Failure> {
        let consumer = match known {
            Some((consumer, checked)) if checked.elapsed() < CHECK => consumer,
            _ => {
                self.stream.ensure().await?;
                let consumer = self.stream.consumer(self.subscription.name).await?;
                &known.insert((consumer, Instant::now())).0
            }
        };
        let asked = consumer.batch().max_messages(MESSAGES).expires(WAIT).messages().await;
        let (mut batch, over) =
            (asked.map_err(Failure::unavailable)?, Instant::now() + WAIT + GRACE);
        while let Some(first) =
            timeout_at(over, batch.next()).await.map_err(Failure::unavailable)?
        {
            let mut messages: Vec<Message> = vec![first.map_err(Failure::unavailable)?];
            let mut broken = None;
            while let Some(Some(next)) = batch.next().now_or_never() {
                match next {
                    Ok(message) => messages.push(message),
                    Err(error) => broken = Some(error),
                }
            }
            self.settling.settle(messages).await;
            if let Some(error) = broken {
                return Err(Failure::unavailable(error));
            }
        }
        Ok(())
    }
}
