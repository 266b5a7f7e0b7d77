use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use async_nats::{Message, Subject};
use extract_wire::Answer;
use futures_util::future::abortable;
use kernel::contract::{Effect, Problem};
use kernel::{Failure, FailureKind};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::asked::Asked;
use super::contract::Contract;
use super::parts::Parts;

impl Contract {
    /// Begins a call. A message that nobody waits for is none.
    pub(super) async fn take(self: &Arc<Self>, message: Message) {
        let Some(reply) = message.reply.clone() else { return };
        let Ok(place) = Arc::clone(&self.shared.places).try_acquire_owned() else {
            let busy = Failure::new(FailureKind::Overloaded).not_executed();
            return self.shared.refuse(&reply, &Problem::failed(&busy)).await;
        };
        let number = message.subject.rsplit('.').next();
        let number = number.and_then(|method| self.descriptor.find(method));
        let effect = number.map(|number| self.descriptor.methods[number].effect);
        let work = Arc::clone(self).work(number, message, reply.clone(), place);
        if effect == Some(Effect::Read) {
            let (work, handle) = abortable(work);
            let cancellable = self.shared.cancellable(&reply, handle);
            tokio::spawn(async move {
                let _cancelled = work.await;
                drop(cancellable);
            });
        } else {
            tokio::spawn(work);
        }
    }

    async fn work(
        self: Arc<Self>,
        number: Option<usize>,
        message: Message,
        reply: Subject,
        _place: OwnedSemaphorePermit,
    ) {
        let started = Instant::now();
        let problem = self.answered(message, &reply).await.err();
        if let Some(problem) = &problem {
            self.shared.refuse(&reply, problem).await;
        }
        if let Some(counts) = number.and_then(|number| self.counts.get(number)) {
            counts.note(started.elapsed(), problem.as_deref());
        }
    }

    async fn answered(&self, message: Message, reply: &Subject) -> Result<(), Box<Problem>> {
        let (serving, subject) = (&self.shared.serving, message.subject.clone());
        let method = subject.rsplit('.').next().unwrap_or_default();
        let asked = Asked::read(serving, (&self.address, method), message).map_err(failed)?;
        let (deadline, credit) = (asked.call.deadline, asked.credit);
        let served = serving.find(&self.address).map_err(failed)?;
        let answering = served.answer(method, asked.call, &asked.body);
        match self.heard_until(reply, answering).await? {
            Answer::Whole(body) => self.shared.send(reply, None, body).await.map_err(failed),
            Answer::Parts(frames) => {
                let parts = Parts::new(&self.shared, reply.clone(), credit, deadline);
                if let Err(failure) = parts.send(frames).await {
                    tracing::debug!(error = %failure.chain(), "a stream was not sent whole");
                }
                Ok(())
            }
        }
    }

    /// Says again and again that the call is at work, until it is done.
    async fn heard_until<T>(&self, reply: &Subject, answering: impl Future<Output = T>) -> T {
        let heartbeat = self.shared.serving.settings().heartbeat;
        let mut answering = pin!(answering);
        loop {
            match timeout(heartbeat, answering.as_mut()).await {
                Ok(answer) => return answer,
                Err(_) => self.shared.say_alive(reply).await,
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "reads well behind `map_err`")]
fn failed(failure: Failure) -> Box<Problem> {
    Box::new(Problem::failed(&failure))
}
