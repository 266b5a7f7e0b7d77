use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::context::{ContextBuilder, GetStreamErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy};
use async_nats::jetstream::{Context, ErrorCode};
use kernel::{Failure, ModuleName};
use tokio::time::Instant;

use crate::Connection;

/// How long the broker may take to answer.
const ANSWER: Duration = Duration::from_secs(5);
/// How often it is looked whether all is still there.
const CHECK: Duration = Duration::from_secs(30);
/// What was not handled for so long was offered again several times.
const MAX_AGE: Duration = Duration::from_mins(2);
/// A server reserves it.
const MAX_BYTES: i64 = 64 * 1024 * 1024;
/// What a listener that is gone had taken is given to another after so long.
const ACK_WAIT: Duration = Duration::from_secs(30);
const MAX_ACK_PENDING: i64 = 256;

/// The stream that carries events to one module. Whoever needs it makes it, and makes it anew where it is gone or of no use:
/// all that it holds is offered again by its producers.
pub(super) struct EventStream {
    pub(super) connection: Connection,
    pub(super) context: Context,
    pub(super) name: String,
    subjects: String,
    checked: Mutex<Option<Instant>>,
}

impl EventStream {
    pub(super) fn new(connection: &Connection, subscriber: &ModuleName) -> Self {
        let context = ContextBuilder::new().timeout(ANSWER).build(connection.client().clone());
        let prefix = connection.prefix();
        Self {
            connection: connection.clone(),
            context,
            name: format!("{prefix}-events-{subscriber}"),
            subjects: format!("{prefix}.events.{subscriber}.>"),
            checked: Mutex::new(None),
        }
    }

    /// Where the events of a subscription go.
    pub(super) fn subject(&self, subscription: &str) -> String {
        format!("{}.events.{subscription}", self.connection.prefix())
    }

    /// Sees to it that the stream is there, if that was not done lately.
    pub(super) async fn check(&self) -> Result<(), Failure> {
        let checked = *self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.is_some_and(|checked| checked.elapsed() < CHECK) {
            return Ok(());
        }
        self.ensure().await
    }

    /// Has the next [`check`](Self::check) look.
    pub(super) fn doubt(&self) {
        *self.checked.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Sees to it that the stream is there and takes the module's events.
    pub(super) async fn ensure(&self) -> Result<(), Failure> {
        if !self.connection.is_up() {
            return Err(Failure::unavailable("the NATS server is not connected"));
        }
        match self.context.get_stream(&self.name).await {
            Ok(found) if self.serves(&found.cached_info().config) => {}
            Ok(_) => self.replace().await?,
            Err(error) => match error.kind() {
                GetStreamErrorKind::JetStream(refused)
                    if refused.error_code() == ErrorCode::STREAM_NOT_FOUND =>
                {
                    self.create().await?;
                }
                _ => return Err(Failure::unavailable(error)),
            },
        }
        *self.checked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }

    /// Limits are an operator's to change; all else decides whether events arrive.
    fn serves(&self, found: &Config) -> bool {
        found.subjects.contains(&self.subjects)
            && found.retention == RetentionPolicy::WorkQueue
            && !found.sealed
            && !found.no_ack
    }

    async fn create(&self) -> Result<(), Failure> {
        tracing::info!(nats.stream = self.name, "makes the stream {}", self.name);
        self.context.create_stream(self.config()).await.map_err(Failure::unavailable)?;
        Ok(())
    }

    async fn replace(&self) -> Result<(), Failure> {
        tracing::warn!(nats.stream = self.name, "the stream {} can't carry events", self.name);
        if self.context.update_stream(self.config()).await.is_ok() {
            return Ok(());
        }
        self.context.delete_stream(&self.name).await.map_err(Failure::unavailable)?;
        self.create().await
    }

    fn config(&self) -> Config {
        Config {
            name: self.name.clone(),
            description: Some(
                "events on their way; the record is the producer's outbox".to_owned(),
            ),
            subjects: vec![self.subjects.clone()],
            retention: RetentionPolicy::WorkQueue,
            discard: DiscardPolicy::New,
            max_age: MAX_AGE,
            max_bytes: MAX_BYTES,
            num_replicas: 1,
            ..Config::default()
        }
    }

    /// The consumer of a subscription, which all instances of the module share. One that is of no use is made anew.
    pub(super) async fn consumer(&self, subscription: &str) -> Result<PullConsumer, Failure> {
        let (_, name) = subscription.split_once('.').unwrap_or(("", subscription));
        let name = name.replace('.', "_");
        let config = pull::Config {
            durable_name: Some(name.clone()),
            filter_subject: self.subject(subscription),
            ack_policy: AckPolicy::Explicit,
            ack_wait: ACK_WAIT,
            max_ack_pending: MAX_ACK_PENDING,
            ..pull::Config::default()
        };
        let made = self.context.create_consumer_on_stream(config.clone(), &self.name).await;
        let Err(error) = made else { return made.map_err(Failure::unavailable) };
        tracing::warn!(nats.consumer = name, %error, "makes the consumer {name} anew");
        let gone = self.context.delete_consumer_from_stream(&name, &self.name).await;
        gone.map_err(|_| Failure::unavailable(error))?;
        let made = self.context.create_consumer_on_stream(config, &self.name).await;
        made.map_err(Failure::unavailable)
    }
}
