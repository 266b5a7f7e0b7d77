use std::sync::Arc;

use async_nats::{Message, Subscriber};
use extract_wire::Served;
use futures_util::StreamExt as _;
use kernel::Timestamp;
use kernel::contract::ContractDescriptor;
use tokio::sync::watch;

use super::counts::Counts;
use super::leave::LAST;
use super::shared::Shared;
use crate::ConnectError;
use crate::rpc::subjects;

/// A contract that is served over NATS.
pub(super) struct Contract {
    pub(super) shared: Arc<Shared>,
    pub(super) address: String,
    pub(super) descriptor: &'static ContractDescriptor,
    /// Names this instance to the NATS service protocol.
    pub(super) id: String,
    pub(super) started: Timestamp,
    /// One for each method.
    pub(super) counts: Vec<Counts>,
    /// Becomes true when the end of the calls is set.
    pub(super) leaving: watch::Sender<bool>,
    /// Becomes true when no more calls come.
    pub(super) left: watch::Sender<bool>,
}

/// What is heard of a contract. Calls and the cancels of calls are taken up in the order in which they came.
pub(super) struct Subscribed {
    calls: Subscriber,
    cancels: Subscriber,
    introductions: Subscriber,
}

impl Contract {
    pub(super) fn new(shared: &Arc<Shared>, address: &str, served: &Served) -> Self {
        let inbox = shared.connection.client().new_inbox();
        let id = inbox.rsplit('.').next().unwrap_or_default().to_owned();
        let descriptor = served.descriptor();
        Self {
            shared: Arc::clone(shared),
            address: address.to_owned(),
            descriptor,
            id,
            started: shared.serving.now(),
            counts: descriptor.methods.iter().map(|_| Counts::default()).collect(),
            leaving: watch::Sender::new(false),
            left: watch::Sender::new(false),
        }
    }

    /// Instances share calls, and each hears of all cancels.
    pub(super) async fn subscribe(&self) -> Result<Subscribed, ConnectError> {
        let (client, prefix) = (self.shared.connection.client(), self.shared.connection.prefix());
        let (address, queue) = (&self.address, subjects::module(&self.address));
        let introductions = subjects::introductions(prefix, address);
        Ok(Subscribed {
            cancels: client.subscribe(subjects::cancels(prefix, address)).await?,
            introductions: client.queue_subscribe(introductions, queue.to_owned()).await?,
            calls: client
                .queue_subscribe(subjects::methods(prefix, address), queue.to_owned())
                .await?,
        })
    }

    /// Takes calls up until it has left, and cancels for as long as the server lives.
    pub(super) async fn listen(
        self: Arc<Self>,
        mut heard: Subscribed,
        mut leave: watch::Receiver<bool>,
    ) {
        let (mut taken, mut leaving) = (0, false);
        loop {
            tokio::select! {
                biased;
                call = heard.calls.next(), if !*self.left.borrow() => match call {
                    Some(message) => {
                        taken += 1;
                        self.take(message).await;
                    }
                    None => {
                        self.left.send_replace(true);
                    }
                },
                // Only when nothing is left to be taken, so that what was taken is all that came.
                () = told(&mut leave), if !leaving => {
                    leaving = true;
                    let _closed = heard.introductions.unsubscribe().await;
                    let _closed = heard.calls.unsubscribe_after(taken + LAST).await;
                    self.leaving.send_replace(true);
                }
                Some(cancel) = heard.cancels.next() => self.shared.cancel(&cancel.payload),
                Some(asked) = heard.introductions.next() => self.introduce(asked).await,
                else => return,
            }
        }
    }

    async fn introduce(&self, asked: Message) {
        let Ok(served) = self.shared.serving.find(&self.address) else { return };
        let body = serde_json::to_vec(served.introduction()).unwrap_or_default();
        if let Some(reply) = asked.reply {
            let sent = self.shared.send(&reply, None, body.into()).await;
            if let Err(failure) = sent {
                tracing::warn!(error = %failure.chain(), "can't introduce {}", self.address);
            }
        }
    }
}

pub(super) async fn told(leave: &mut watch::Receiver<bool>) {
    if leave.wait_for(|leave| *leave).await.is_err() {
        std::future::pending::<()>().await; // nobody is left who could tell
    }
}
