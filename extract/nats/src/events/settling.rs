use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};
use kernel::{Call, CallError, Failure, FailureKind, Subscription};
use platform::ops::{Confirm, Offer, Ops};
use platform::{Inbox, Offered, jobs};

/// How long the producer may take to note what is confirmed.
const BUDGET: Duration = Duration::from_secs(10);
const FIRST_BACKOFF: Duration = Duration::from_millis(200);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// What becomes of the messages of one subscription.
pub(super) struct Settling {
    pub(super) subscription: Subscription,
    pub(super) inbox: Arc<dyn Inbox>,
    pub(super) producer: Arc<dyn Ops>,
}

/// A message, and what it offers.
struct Arrived {
    message: Message,
    offers: Vec<Offered>,
}

impl Settling {
    /// Stores what the messages offer, confirms it to the producer, and only then lets the broker forget them. What can't be
    /// stored or confirmed comes again; what can't be read does not.
    pub(super) async fn settle(&self, messages: Vec<Message>) {
        let mut arrived = Vec::with_capacity(messages.len());
        for message in messages {
            match self.read(&message) {
                Ok(offers) => arrived.push(Arrived { message, offers }),
                Err(unreadable) => self.refuse(&message, &unreadable).await,
            }
        }
        let stored = self.store(arrived).await;
        if stored.is_empty() {
            return;
        }
        let confirmed = self.confirm(&stored).await;
        for Arrived { message, .. } in &stored {
            match &confirmed {
                Ok(()) => answer(message, AckKind::Ack).await,
                Err(failure) => self.put_back(message, "confirmed", failure).await,
            }
        }
    }

    fn read(&self, message: &Message) -> Result<Vec<Offered>, String> {
        let Offer { deliveries } =
            serde_json::from_slice(&message.payload).map_err(|error| error.to_string())?;
        match deliveries.iter().find(|offer| offer.subscription != self.subscription.name) {
            Some(other) => Err(format!("it is for {}", other.subscription)),
            None => Ok(deliveries),
        }
    }

    /// Stores all of it together or, where that fails for the sake of one, each message by itself. Gives what is stored.
    async fn store(&self, arrived: Vec<Arrived>) -> Vec<Arrived> {
        let offers: Vec<Offered> =
            arrived.iter().flat_map(|arrived| arrived.offers.iter().cloned()).collect();
        let Err(failure) = self.inbox.store(&offers).await else { return arrived };
        let hopeless = matches!(
            failure.kind,
            FailureKind::Unavailable | FailureKind::Deadline | FailureKind::Overloaded
        );
        let mut stored = Vec::new();
        for arrived in arrived {
            let alone = if hopeless {
                Err(failure.clone())
            } else {
                self.inbox.store(&arrived.offers).await
            };
            match alone {
                Ok(_) => stored.push(arrived),
                Err(failure) => self.put_back(&arrived.message, "stored", &failure).await,
            }
        }
        stored
    }

    async fn confirm(&self, stored: &[Arrived]) -> Result<(), Failure> {
        let offers = stored.iter().flat_map(|arrived| &arrived.offers);
        let confirm = Confirm { deliveries: offers.map(|offer| offer.id).collect() };
        let call = Call::system(self.subscription.subscriber(), BUDGET);
        self.producer.confirm(&call, confirm).await.map_err(CallError::into_failure)?;
        Ok(())
    }

    /// Has the broker give it to whoever asks in a while.
    async fn put_back(&self, message: &Message, what: &str, failure: &Failure) {
        let attempts = message.info().map_or(1, |info| info.delivered);
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        let name = self.subscription.name;
        tracing::warn!(subscription = name, attempts, error = %failure.chain(), "events for {name} could not be {what}");
        let wait = jobs::backoff(FIRST_BACKOFF, LONGEST_BACKOFF, attempts);
        answer(message, AckKind::Nak(Some(wait))).await;
    }

    /// It would never be read, however often it came. If it was an offer, its producer makes it again.
    async fn refuse(&self, message: &Message, unreadable: &str) {
        let (name, subject) = (self.subscription.name, message.subject.as_str());
        let bytes = message.payload.len();
        tracing::error!(
            subscription = name,
            nats.subject = subject,
            bytes,
            "a message for {name} is no offer: {unreadable}"
        );
        metrics::counter!("galleria_events_unreadable_total", "subscription" => name).increment(1);
        answer(message, AckKind::Term).await;
    }
}

/// An answer that gets lost only has the message come again.
async fn answer(message: &Message, kind: AckKind) {
    if let Err(error) = message.ack_with(kind).await {
        tracing::debug!(%error, "an answer to the NATS server was lost");
    }
}
