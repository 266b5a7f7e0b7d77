use std::sync::Arc;
use std::time::Duration;

use async_nats::Message;
use extract_wire::lost::lost;
use kernel::Failure;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::inbox::{CANCEL, Inbox};

/// A place for an answer in one part.
pub(super) struct ForOne {
    pub(super) place: Place,
    pub(super) answered: oneshot::Receiver<Message>,
}

/// A place for an answer in parts.
pub(super) struct ForParts {
    pub(super) place: Place,
    pub(super) received: mpsc::UnboundedReceiver<Message>,
}

/// One who waits for an answer. Whoever goes away before it has it says so.
pub(super) struct Place {
    inbox: Arc<Inbox>,
    number: u64,
    /// Where it says so; nowhere before the call was sent, and after its answer.
    cancels: Option<String>,
    /// Where the callee of this one call listens, once that is known.
    control: Option<String>,
}

impl ForOne {
    /// Waits for as long as the callee is heard of, and until the deadline.
    pub(super) async fn answer(
        mut self,
        deadline: Instant,
        silence: Duration,
    ) -> Result<Message, Failure> {
        let mut until = Instant::now() + silence;
        loop {
            match timeout_at(until.min(deadline), &mut self.answered).await {
                Ok(answered) => {
                    self.place.over();
                    return answered.map_err(|_| lost("the connection to the broker was lost"));
                }
                Err(_) if Instant::now() >= deadline => return Err(Failure::deadline()),
                Err(_) => until = self.place.heard().map_or(until, |heard| heard + silence),
            }
            if until <= Instant::now() {
                return Err(lost("the callee fell silent"));
            }
        }
    }
}

impl ForParts {
    /// The next message. The callee must be heard of.
    pub(super) async fn next(&mut self, silence: Duration) -> Result<Message, Failure> {
        let Ok(received) = timeout(silence, self.received.recv()).await else {
            return Err(lost("the stream fell silent"));
        };
        let message = received.ok_or_else(|| lost("the connection to the broker was lost"))?;
        if self.place.control.is_none() {
            self.place.control = message.reply.as_ref().map(ToString::to_string);
        }
        Ok(message)
    }

    /// Lets the callee send so many items more.
    pub(super) async fn grant(&self, items: u32) -> Result<(), Failure> {
        let control = self.place.control.clone();
        let control = control.ok_or_else(|| lost("the callee did not say where it listens"))?;
        let credit = format!("{{\"credit\":{items}}}");
        self.place.inbox.shared.client.publish(control, credit.into()).await.map_err(lost)
    }
}

impl Place {
    pub(super) fn new(inbox: &Arc<Inbox>, number: u64) -> Self {
        Self { inbox: Arc::clone(inbox), number, cancels: None, control: None }
    }

    /// The subject to be answered at.
    pub(super) fn reply(&self) -> String {
        self.inbox.shared.reply(self.number)
    }

    /// From now on there is somebody to be told.
    pub(super) fn sent(&mut self, cancels: String) {
        self.cancels = Some(cancels);
    }

    /// Nothing more will come.
    pub(super) fn over(&mut self) {
        (self.cancels, self.control) = (None, None);
    }

    fn heard(&self) -> Option<Instant> {
        self.inbox.shared.heard(self.number)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.inbox.shared.leave(self.number);
        match (self.control.take(), self.cancels.take()) {
            (Some(control), _) => self.inbox.shared.tell(control, CANCEL),
            (None, Some(cancels)) => self.inbox.shared.tell(cancels, self.reply().into()),
            (None, None) => {}
        }
    }
}
