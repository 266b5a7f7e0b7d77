use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_nats::{HeaderMap, PublishErrorKind, Subject};
use bytes::Bytes;
use extract_wire::{Line, Serving};
use futures_util::stream::AbortHandle;
use kernel::contract::Problem;
use kernel::{Failure, FailureKind};
use tokio::sync::{Semaphore, watch};

use super::control::Control;
use crate::Connection;
use crate::rpc::headers::{ERROR, ERROR_CODE, numbered};

/// What all tasks of a server share.
pub(super) struct Shared {
    pub(super) connection: Connection,
    pub(super) serving: Arc<Serving>,
    pub(super) places: Arc<Semaphore>,
    pub(super) control: Control,
    /// Becomes true when streams have to end.
    pub(super) cut: watch::Sender<bool>,
    /// The reads that end when their callers say so, by where they would be answered.
    reads: Mutex<HashMap<Arc<str>, AbortHandle>>,
}

/// A read that its caller may cancel, until this is dropped.
pub(super) struct Cancellable {
    shared: Arc<Shared>,
    reply: Arc<str>,
}

impl Shared {
    pub(super) fn new(
        connection: Connection,
        serving: Arc<Serving>,
        places: Arc<Semaphore>,
        control: Control,
    ) -> Self {
        let (cut, reads) = (watch::Sender::new(false), Mutex::default());
        Self { connection, serving, places, control, cut, reads }
    }

    fn reads(&self) -> MutexGuard<'_, HashMap<Arc<str>, AbortHandle>> {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a caller end its read.
    pub(super) fn cancellable(
        self: &Arc<Self>,
        reply: &Subject,
        handle: AbortHandle,
    ) -> Cancellable {
        let reply: Arc<str> = reply.as_str().into();
        self.reads().insert(Arc::clone(&reply), handle);
        Cancellable { shared: Arc::clone(self), reply }
    }

    /// Ends the read that would be answered there, if it is under way here.
    pub(super) fn cancel(&self, reply: &[u8]) {
        let Ok(reply) = std::str::from_utf8(reply) else { return };
        if let Some(handle) = self.reads().get(reply) {
            handle.abort();
        }
    }

    /// Sends an answer or a part of one. One that is too large for the broker is a failure that is told instead.
    pub(super) async fn send(
        &self,
        to: &Subject,
        headers: Option<HeaderMap>,
        body: Bytes,
    ) -> Result<(), Failure> {
        let client = self.connection.client();
        let sent = match headers {
            Some(headers) => client.publish_with_headers(to.clone(), headers, body).await,
            None => client.publish(to.clone(), body).await,
        };
        sent.map_err(|error| match error.kind() {
            PublishErrorKind::MaxPayloadExceeded => {
                Failure::new(FailureKind::TooLarge).because(error)
            }
            _ => Failure::internal(error),
        })
    }

    /// Tells a caller that its call is at work.
    pub(super) async fn say_alive(&self, to: &Subject) {
        if let Err(failure) = self.send(to, Some(numbered(0)), Line::ALIVE).await {
            tracing::debug!(error = %failure.chain(), "can't say that a call is at work");
        }
    }

    /// Answers with a problem.
    pub(super) async fn refuse(&self, to: &Subject, problem: &Problem) {
        if let Err(failure) = self.send_problem(to, problem).await {
            // The problem itself may be too large.
            if let Err(failure) = self.send_problem(to, &Problem::failed(&failure)).await {
                tracing::warn!(error = %failure.chain(), "a call over NATS could not be answered");
            }
        }
    }

    async fn send_problem(&self, to: &Subject, problem: &Problem) -> Result<(), Failure> {
        let mut headers = HeaderMap::new();
        // A title may have come from anywhere, and a header has one line.
        let title = problem.title.replace(['\r', '\n'], " ");
        headers.insert(ERROR, title);
        headers.insert(ERROR_CODE, problem.status.to_string());
        let body = serde_json::to_vec(problem).map_err(Failure::internal)?;
        self.send(to, Some(headers), body.into()).await
    }
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        self.shared.reads().remove(&self.reply);
    }
}
