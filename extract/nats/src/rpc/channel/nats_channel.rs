use std::sync::Arc;

use async_nats::{HeaderMap, PublishErrorKind};
use async_trait::async_trait;
use bytes::Bytes;
use extract_wire::lost::{too_late, unreadable, unsent};
use extract_wire::{CallHead, Headers as _, Introduces, Introduction, ServiceKeys, issue};
use kernel::contract::{Attempt, Channel, Effect, Frames, Unanswered};
use kernel::{Call, Clock, Failure, FailureKind};
use tokio::time::{Instant, timeout_at};

use super::inbox::Inbox;
use super::{ChannelSettings, answers, frames};
use crate::rpc::headers::{CREDIT, NatsHeaders, TOKEN};
use crate::rpc::subjects;
use crate::{ConnectError, Connection};

/// The way to other processes over NATS. Who serves a call is the broker's choice among those who are there.
pub struct NatsChannel {
    connection: Connection,
    inbox: Arc<Inbox>,
    keys: Arc<ServiceKeys>,
    clock: Arc<dyn Clock>,
    settings: ChannelSettings,
}

/// A message on its way out.
struct Outgoing {
    subject: String,
    reply: String,
    headers: HeaderMap,
    body: Bytes,
}

impl NatsChannel {
    /// Calls over a connection, which need not be up yet. It fails only when the connection was closed for good.
    pub async fn new(
        connection: &Connection,
        keys: Arc<ServiceKeys>,
        clock: Arc<dyn Clock>,
        settings: ChannelSettings,
    ) -> Result<Self, ConnectError> {
        let inbox = Inbox::open(connection).await?;
        Ok(Self { connection: connection.clone(), inbox, keys, clock, settings })
    }

    /// What one of those who serve a contract says of it, until the call's deadline.
    pub async fn introduction(
        &self,
        address: &str,
        call: &Call,
    ) -> Result<Introduction, Unanswered> {
        let place = self.inbox.for_one();
        let subject = subjects::introductions(self.connection.prefix(), address);
        let (reply, headers) = (place.place.reply(), HeaderMap::new());
        let deadline = call.deadline.into();
        self.send(deadline, Outgoing { subject, reply, headers, body: Bytes::new() }).await?;
        let answer = place.answer(deadline, self.settings.silence).await?;
        let answer = answers::whole(answer, self.settings.largest_answer)?;
        Ok(serde_json::from_slice(&answer).map_err(unreadable)?)
    }

    /// The message of an attempt, with a token for it alone.
    fn message(&self, attempt: &Attempt<'_>, reply: String) -> Result<Outgoing, Failure> {
        let (address, method) = (attempt.address, attempt.method.name);
        let head = CallHead::of(attempt.call)?;
        let token = issue(&self.keys, (address, method), &head, &attempt.body, self.clock.now());
        let token = token.map_err(Failure::not_executed)?;
        let mut headers = NatsHeaders::default();
        head.write(&mut headers)?;
        headers.put(TOKEN, &format!("Bearer {token}"))?;
        if attempt.method.stream {
            headers.put(CREDIT, &self.settings.window.to_string())?;
        }
        let subject = subjects::method(self.connection.prefix(), address, method);
        Ok(Outgoing { subject, reply, headers: headers.0, body: attempt.body.clone() })
    }

    /// Hands a message to the connection. What fails here was not sent: nothing waits for a broker that is down.
    async fn send(&self, deadline: Instant, message: Outgoing) -> Result<(), Failure> {
        let largest = self.settings.largest_message;
        if message.body.len() > largest {
            return Err(unsendable(format!("the message is larger than {largest} bytes")));
        }
        if !self.connection.is_up() {
            return Err(unsent("there is no connection to the broker"));
        }
        let Outgoing { subject, reply, headers, body } = message;
        let client = self.connection.client();
        let sending = client.publish_with_reply_and_headers(subject, reply, headers, body);
        match timeout_at(deadline, sending).await.map_err(|_| too_late())? {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == PublishErrorKind::MaxPayloadExceeded => {
                Err(unsendable(error))
            }
            Err(error) => Err(unsent(error)),
        }
    }

    fn cancels(&self, attempt: &Attempt<'_>) -> String {
        subjects::cancels(self.connection.prefix(), attempt.address)
    }
}

#[async_trait]
impl Channel for NatsChannel {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        let deadline = attempt.call.deadline.into();
        let mut waiting = self.inbox.for_one();
        self.send(deadline, self.message(&attempt, waiting.place.reply())?).await?;
        if attempt.method.effect == Effect::Read {
            waiting.place.sent(self.cancels(&attempt));
        }
        let answer = waiting.answer(deadline, self.settings.silence).await?;
        answers::whole(answer, self.settings.largest_answer)
    }

    async fn open(&self, attempt: Attempt<'_>) -> Result<Frames, Unanswered> {
        let deadline = attempt.call.deadline.into();
        let mut parts = self.inbox.for_parts();
        self.send(deadline, self.message(&attempt, parts.place.reply())?).await?;
        parts.place.sent(self.cancels(&attempt));
        loop {
            let message = timeout_at(deadline, parts.next(self.settings.silence)).await;
            let message = message.map_err(|_| Failure::deadline())??;
            match answers::welcome(message) {
                Ok(first) if first.reply.is_some() => {
                    return Ok(frames::frames_of(first, parts, self.settings));
                }
                Ok(_still_at_work) => {}
                Err(refused) => {
                    parts.place.over();
                    return Err(refused);
                }
            }
        }
    }
}

fn unsendable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::new(FailureKind::TooLarge).because(cause).not_executed()
}

#[async_trait]
impl Introduces for NatsChannel {
    async fn introduction(&self, address: &str, call: &Call) -> Result<Introduction, Unanswered> {
        Self::introduction(self, address, call).await
    }
}
