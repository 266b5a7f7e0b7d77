use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_nats::connection::State;
use async_nats::{Client, Message, StatusCode, Subscriber};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::waiting::{ForOne, ForParts, Place};
use crate::rpc::headers::SEQUENCE;
use crate::{ConnectError, Connection};

/// What a callee is told of a stream that nobody reads any more.
pub(super) const CANCEL: Bytes = Bytes::from_static(b"{\"cancel\":true}");

/// Where all answers come in, and who waits for them. It lives as long as its channel and all streams over it.
pub(super) struct Inbox {
    pub(super) shared: Arc<Shared>,
    routing: AbortHandle,
}

pub(super) struct Shared {
    pub(super) client: Client,
    /// What the subjects of answers begin with; a number follows.
    base: String,
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, Waiting>>,
}

enum Waiting {
    ForOne { answer: oneshot::Sender<Message>, heard: Instant },
    ForParts(mpsc::UnboundedSender<Message>),
}

impl Inbox {
    pub(super) async fn open(connection: &Connection) -> Result<Arc<Self>, ConnectError> {
        let client = connection.client().clone();
        let base = format!("{}.", client.new_inbox());
        let answers = client.subscribe(format!("{base}*")).await?;
        let (next, waiting) = (AtomicU64::new(0), Mutex::default());
        let shared = Arc::new(Shared { client, base, next, waiting });
        let routing = tokio::spawn(route(Arc::clone(&shared), answers, connection.losses()));
        Ok(Arc::new(Self { shared, routing: routing.abort_handle() }))
    }

    /// A place for an answer in one part.
    pub(super) fn for_one(self: &Arc<Self>) -> ForOne {
        let (answer, answered) = oneshot::channel();
        let number = self.shared.wait(Waiting::ForOne { answer, heard: Instant::now() });
        ForOne { place: Place::new(self, number), answered }
    }

    /// A place for an answer in parts.
    pub(super) fn for_parts(self: &Arc<Self>) -> ForParts {
        let (parts, received) = mpsc::unbounded_channel();
        let number = self.shared.wait(Waiting::ForParts(parts));
        ForParts { place: Place::new(self, number), received }
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.routing.abort();
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, waiting: Waiting) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.waiting().insert(number, waiting);
        number
    }

    /// The subject that leads here.
    pub(super) fn reply(&self, number: u64) -> String {
        format!("{}{number}", self.base)
    }

    /// Nobody waits there any more.
    pub(super) fn leave(&self, number: u64) {
        self.waiting().remove(&number);
    }

    /// When the callee last said that it is at work.
    pub(super) fn heard(&self, number: u64) -> Option<Instant> {
        match self.waiting().get(&number) {
            Some(Waiting::ForOne { heard, .. }) => Some(*heard),
            _ => None,
        }
    }

    /// Sends what may be lost, if it can be sent at once.
    pub(super) fn tell(&self, subject: String, body: Bytes) {
        if self.client.connection_state() == State::Connected {
            let _as_far_as_possible = self.client.publish(subject, body).now_or_never();
        }
    }

    fn deliver(&self, message: Message) {
        let number = message.subject.strip_prefix(self.base.as_str());
        let Some(number) = number.and_then(|number| number.parse::<u64>().ok()) else { return };
        let mut waiting = self.waiting();
        match waiting.get_mut(&number) {
            Some(Waiting::ForOne { heard, .. }) if is_part(&message) => *heard = Instant::now(),
            Some(Waiting::ForOne { .. }) => {
                if let Some(Waiting::ForOne { answer, .. }) = waiting.remove(&number) {
                    let _nobody_waits = answer.send(message);
                }
            }
            Some(Waiting::ForParts(parts)) => {
                let _nobody_waits = parts.send(message);
            }
            None => {
                drop(waiting);
                // A part of a stream whose callee did not hear that its caller is gone.
                if let Some(control) = message.reply.filter(|_| message.status.is_none()) {
                    self.tell(control.to_string(), CANCEL);
                }
            }
        }
    }
}

/// Whether it is no answer: it says that the callee is at work, or is an item.
fn is_part(message: &Message) -> bool {
    message.headers.as_ref().is_some_and(|headers| headers.get(SEQUENCE).is_some())
}

/// Whether the broker itself answers that nobody listens.
pub(super) fn is_of_nobody(message: &Message) -> bool {
    message.status == Some(StatusCode::NO_RESPONDERS)
}

/// What was sent over a connection that is lost may have been executed; nobody waits for its answer in vain.
async fn route(shared: Arc<Shared>, mut answers: Subscriber, mut losses: watch::Receiver<u64>) {
    loop {
        tokio::select! {
            biased;
            message = answers.next() => match message {
                Some(message) => shared.deliver(message),
                None => break,
            },
            lost = losses.changed() => {
                shared.waiting().clear();
                if lost.is_err() {
                    break;
                }
            }
        }
    }
    shared.waiting().clear();
}
