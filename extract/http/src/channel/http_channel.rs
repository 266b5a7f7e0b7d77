use std::sync::Arc;

use async_trait::async_trait;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use bytes::Bytes;
use extract_wire::lost::{lost, too_late, unreadable, unsent};
use extract_wire::{CallHead, Introduces, Introduction, ServiceKeys, issue};
use http_body_util::Full;
use hyper::body::Incoming;
use kernel::contract::{Attempt, Channel, Frames, Unanswered};
use kernel::{Call, Clock, Failure};
use tokio::time::{Instant, timeout_at};

use super::instance::{Connection, Instance, Taken};
use super::instances::Instances;
use super::{ChannelSettings, UrlError, answers, frames};

type Message = Request<Full<Bytes>>;

/// The way to other processes over HTTP/1.1. Calls go to the instances in turn.
pub struct HttpChannel {
    instances: Arc<Instances>,
    keys: Arc<ServiceKeys>,
    clock: Arc<dyn Clock>,
    settings: ChannelSettings,
}

/// An answer of which the head was read.
struct Answered {
    response: Response<Incoming>,
    connection: Connection,
    instance: Arc<Instance>,
}

impl HttpChannel {
    /// Calls at urls such as `http://orders:8081`. Nothing is connected or looked up before the first call.
    pub fn new(
        urls: &[String],
        keys: Arc<ServiceKeys>,
        clock: Arc<dyn Clock>,
        settings: ChannelSettings,
    ) -> Result<Self, UrlError> {
        let instances = Arc::new(Instances::parse(urls, settings)?);
        Ok(Self { instances, keys, clock, settings })
    }

    /// What the instance whose turn it is says of a contract, until the call's deadline.
    pub async fn introduction(
        &self,
        address: &str,
        call: &Call,
    ) -> Result<Introduction, Unanswered> {
        let ask = |instance: &Instance| {
            let message = Request::get(format!("/contracts/{address}"));
            let message = message.header(header::HOST, &instance.authority);
            message.body(Full::default()).map_err(unsent)
        };
        let (status, body) = self.whole(call, ask).await?;
        if status != StatusCode::OK {
            return Err(answers::refused(status, &body));
        }
        Ok(serde_json::from_slice(&body).map_err(unreadable)?)
    }

    /// The message of an attempt, with a token for it alone.
    fn message(&self, attempt: &Attempt<'_>, instance: &Instance) -> Result<Message, Failure> {
        let (address, method) = (attempt.address, attempt.method.name);
        let head = CallHead::of(attempt.call)?;
        let now = self.clock.now();
        let token = issue(&self.keys, (address, method), &head, &attempt.body, now);
        let token = token.map_err(Failure::not_executed)?;
        let mut message = Request::post(format!("/rpc/{address}/{method}"))
            .header(header::HOST, &instance.authority)
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Full::new(attempt.body.clone()))
            .map_err(unsent)?;
        head.write(message.headers_mut())?;
        Ok(message)
    }

    /// Sends a message to whose turn it is. A kept connection that is dead has not taken it, and the next one is used.
    async fn send(
        &self,
        deadline: Instant,
        message: impl Fn(&Instance) -> Result<Message, Failure>,
    ) -> Result<Answered, Failure> {
        let next = timeout_at(deadline, self.instances.next()).await;
        let instance = next.map_err(|_| too_late())??;
        loop {
            let taken = timeout_at(deadline, instance.connection(&self.settings)).await;
            let (mut connection, kept) = match taken.map_err(|_| too_late())?? {
                Taken::Kept(connection) => (connection, true),
                Taken::New(connection) => (connection, false),
            };
            let sending = connection.try_send_request(message(&instance)?);
            match timeout_at(deadline, sending).await.map_err(|_| Failure::deadline())? {
                Ok(response) => return Ok(Answered { response, connection, instance }),
                Err(error) if error.message().is_none() => return Err(lost(error.into_error())),
                Err(_) if kept => {}
                Err(error) => return Err(unsent(error.into_error())),
            }
        }
    }

    /// Sends a message and reads its answer whole.
    async fn whole(
        &self,
        call: &Call,
        message: impl Fn(&Instance) -> Result<Message, Failure>,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let deadline = call.deadline.into();
        let answered = self.send(deadline, message).await?;
        self.rest_of(answered, deadline).await
    }

    async fn rest_of(
        &self,
        answered: Answered,
        deadline: Instant,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let Answered { response, connection, instance } = answered;
        let status = response.status();
        let body = answers::whole(response.into_body(), self.settings.largest_answer);
        let body = timeout_at(deadline, body).await.map_err(|_| Failure::deadline())??;
        instance.keep(connection, self.settings.kept);
        Ok((status, body))
    }
}

#[async_trait]
impl Channel for HttpChannel {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        let message = |instance: &Instance| self.message(&attempt, instance);
        match self.whole(attempt.call, message).await? {
            (StatusCode::OK, body) => Ok(body),
            (status, body) => Err(answers::refused(status, &body)),
        }
    }

    async fn open(&self, attempt: Attempt<'_>) -> Result<Frames, Unanswered> {
        let deadline = attempt.call.deadline.into();
        let message = |instance: &Instance| self.message(&attempt, instance);
        let answered = self.send(deadline, message).await?;
        if answered.response.status() == StatusCode::OK {
            return Ok(frames::frames_of(answered.response.into_body(), &self.settings));
        }
        let (status, body) = self.rest_of(answered, deadline).await?;
        Err(answers::refused(status, &body))
    }
}

#[async_trait]
impl Introduces for HttpChannel {
    async fn introduction(&self, address: &str, call: &Call) -> Result<Introduction, Unanswered> {
        Self::introduction(self, address, call).await
    }
}
