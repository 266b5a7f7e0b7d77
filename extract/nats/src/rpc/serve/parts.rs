use std::sync::Arc;
use std::time::Instant;

use async_nats::Subject;
use bytes::Bytes;
use extract_wire::Line;
use futures_util::StreamExt as _;
use kernel::Failure;
use kernel::contract::Frames;
use tokio::sync::watch;
use tokio::time::timeout;

use super::control::{ControlLine, Signal};
use super::shared::Shared;
use crate::rpc::headers::numbered;

/// A stream on its way out. Its caller says how many items it takes, and hears that it lives.
pub(super) struct Parts {
    shared: Arc<Shared>,
    to: Subject,
    line: ControlLine,
    cut: watch::Receiver<bool>,
    deadline: Instant,
    /// The number of the last item.
    sent: u64,
    credit: u64,
}

enum Event {
    Told(Signal),
    Cut,
    Next(Line),
}

impl Parts {
    pub(super) fn new(shared: &Arc<Shared>, to: Subject, credit: u64, deadline: Instant) -> Self {
        let (line, cut) = (shared.control.line(), shared.cut.subscribe());
        Self { shared: Arc::clone(shared), to, line, cut, deadline, sent: 0, credit }
    }

    /// Sends all of it, or what became of it, unless its caller goes away.
    pub(super) async fn send(mut self, mut frames: Frames) -> Result<(), Failure> {
        let heartbeat = self.shared.serving.settings().heartbeat;
        self.say_alive().await;
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            let event = match timeout(heartbeat.min(left), self.event(&mut frames)).await {
                Ok(event) => event,
                Err(_) if left > heartbeat => {
                    self.say_alive().await;
                    continue;
                }
                Err(_) => Event::Next(Line::failed(&Failure::deadline())),
            };
            match event {
                Event::Told(Signal::Credit(items)) => {
                    self.credit = self.credit.saturating_add(items);
                }
                Event::Told(Signal::Cancel) => return Ok(()),
                Event::Cut => {
                    let cut = Failure::unavailable("the callee is stopping");
                    return self.fail(cut).await;
                }
                Event::Next(Line::Item(line)) => {
                    if let Err(failure) = self.say(line).await {
                        return self.fail(failure).await;
                    }
                }
                Event::Next(Line::Last(line)) => return self.say(line).await,
            }
        }
    }

    /// What happens next. Without credit nothing is taken from the method.
    async fn event(&mut self, frames: &mut Frames) -> Event {
        tokio::select! {
            biased;
            told = self.line.signal() => Event::Told(told),
            _ = self.cut.wait_for(|cut| *cut) => Event::Cut,
            next = frames.next(), if self.credit > 0 => Event::Next(Line::of(next)),
        }
    }

    /// Sends an item or the end.
    async fn say(&mut self, line: Bytes) -> Result<(), Failure> {
        self.shared.send(&self.to, Some(numbered(self.sent + 1)), line).await?;
        self.sent += 1;
        self.credit = self.credit.saturating_sub(1);
        Ok(())
    }

    async fn fail(mut self, failure: Failure) -> Result<(), Failure> {
        if let Line::Last(line) = Line::failed(&failure) {
            self.say(line).await?;
        }
        Err(failure)
    }

    /// The broker answers on the stream's own line if nobody is there to read it.
    async fn say_alive(&self) {
        let client = self.shared.connection.client();
        let (to, headers) = (self.to.clone(), numbered(self.sent));
        let alive =
            client.publish_with_reply_and_headers(to, self.line.subject(), headers, Line::ALIVE);
        if let Err(error) = alive.await {
            tracing::debug!(error = %error, "can't say that a stream is alive");
        }
    }
}
