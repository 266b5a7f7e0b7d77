use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_nats::{Client, Message, Subscriber};
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::mpsc;

use crate::Connection;

/// What those who read a stream say to the one who writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// So many items more.
    Credit(u64),
    /// No more.
    Cancel,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    Credit(u64),
    Cancel(IgnoredAny),
}

/// Where this server alone is told things, a number for each stream.
#[derive(Clone)]
pub(super) struct Control(Arc<Lines>);

struct Lines {
    client: Client,
    base: String,
    next: AtomicU64,
    open: Mutex<HashMap<u64, mpsc::UnboundedSender<Signal>>>,
}

/// A number of it, until it is dropped.
pub(super) struct ControlLine {
    control: Control,
    number: u64,
    signals: mpsc::UnboundedReceiver<Signal>,
}

impl Control {
    pub(super) fn new(connection: &Connection) -> Self {
        let client = connection.client().clone();
        let base = format!("{}.", client.new_inbox());
        Self(Arc::new(Lines { client, base, next: AtomicU64::new(0), open: Mutex::default() }))
    }

    /// What to subscribe to.
    pub(super) fn subject(&self) -> String {
        format!("{}*", self.0.base)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, mpsc::UnboundedSender<Signal>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a line.
    pub(super) fn line(&self) -> ControlLine {
        let (tell, signals) = mpsc::unbounded_channel();
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        self.open().insert(number, tell);
        ControlLine { control: self.clone(), number, signals }
    }

    /// Waits until the broker did all that it was told before, and all that it had sent by then has come.
    pub(super) async fn round_trip(&self) {
        let mut line = self.line();
        let body = Bytes::from_static(b"{\"credit\":0}");
        if self.0.client.publish(line.subject(), body).await.is_ok() {
            line.signal().await;
        }
    }

    fn deliver(&self, message: &Message) {
        let number = message.subject.strip_prefix(self.0.base.as_str());
        let Some(number) = number.and_then(|number| number.parse::<u64>().ok()) else { return };
        let signal = match serde_json::from_slice(&message.payload) {
            _ if message.status.is_some() => Signal::Cancel, // nobody reads it any more
            Ok(Said::Credit(items)) => Signal::Credit(items),
            Ok(Said::Cancel(_)) => Signal::Cancel,
            Err(_) => return,
        };
        if let Some(line) = self.open().get(&number) {
            let _over = line.send(signal);
        }
    }

    /// Brings everybody what they are told.
    pub(super) async fn listen(self, mut told: Subscriber) {
        while let Some(message) = told.next().await {
            self.deliver(&message);
        }
    }
}

impl ControlLine {
    /// Where to speak to it.
    pub(super) fn subject(&self) -> String {
        format!("{}{}", self.control.0.base, self.number)
    }

    /// The next thing that is said.
    pub(super) async fn signal(&mut self) -> Signal {
        self.signals.recv().await.unwrap_or(Signal::Cancel)
    }
}

impl Drop for ControlLine {
    fn drop(&mut self) {
        self.control.open().remove(&self.number);
    }
}
