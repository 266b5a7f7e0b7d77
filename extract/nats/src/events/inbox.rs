use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Failure, ModuleName};
use platform::{Inbox, Offered, Taken};
use serde::Serialize;

use super::stream::EventStream;
use crate::Connection;

/// Room for the headers of a message.
const HEADERS: usize = 1024;

/// The inbox of a module of another process that listens on `JetStream`. What the broker took is sent, and not stored: only the
/// subscriber's confirmation tells that.
pub struct JetStreamInbox {
    stream: EventStream,
}

/// [`platform::ops::Offer`], of what belongs to somebody else.
#[derive(Serialize)]
struct Offer<'a> {
    deliveries: &'a [Offered],
}

impl JetStreamInbox {
    /// The way to the module's subscriptions. A broker that is down fails only what is offered meanwhile.
    pub fn new(connection: &Connection, subscriber: &ModuleName) -> Self {
        Self { stream: EventStream::new(connection, subscriber) }
    }

    async fn publish(&self, subject: &str, body: Bytes) -> Result<(), PublishError> {
        let message = PublishMessage::build().payload(body).expected_stream(&self.stream.name);
        self.stream.context.send_publish(subject.to_owned(), message).await?.await.map(|_| ())
    }
}

#[async_trait]
impl Inbox for JetStreamInbox {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        let Some(first) = offers.first() else { return Ok(Taken::Stored) };
        if !self.stream.connection.is_up() {
            return Err(Failure::unavailable("the NATS server is not connected"));
        }
        let body = serde_json::to_vec(&Offer { deliveries: offers }).map_err(Failure::internal)?;
        let (subject, body) = (self.stream.subject(&first.subscription), Bytes::from(body));
        self.stream.check().await?;
        let mut published = self.publish(&subject, body.clone()).await;
        if published.as_ref().is_err_and(|error| error.kind() == PublishErrorKind::StreamNotFound) {
            self.stream.ensure().await?;
            published = self.publish(&subject, body).await;
        }
        published.inspect_err(|_| self.stream.doubt()).map_err(Failure::unavailable)?;
        Ok(Taken::Sent)
    }

    fn largest(&self) -> usize {
        self.stream.connection.client().max_payload().saturating_sub(HEADERS)
    }
}
