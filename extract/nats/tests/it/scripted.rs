//! Callers and callees that say what a test has them say.

use std::collections::BTreeMap;

use async_nats::{HeaderMap, Message, Subject, Subscriber};
use bytes::Bytes;
use extract_wire::CallHead;
use futures_util::StreamExt as _;

use crate::desk::Desk;

/// Somebody who takes calls of the shelf, and knows nothing of contracts.
pub(crate) struct Scripted {
    client: async_nats::Client,
    calls: Subscriber,
    control: String,
    pub(crate) told: Subscriber,
}

impl Scripted {
    pub(crate) async fn listen(desk: &Desk) -> Self {
        let client = desk.client().await;
        let calls = client.subscribe(format!("{}.rpc.shelf.v1.*", desk.settings.prefix));
        let calls = calls.await.unwrap();
        let control = client.new_inbox();
        let mut told = client.subscribe(control.clone()).await.unwrap();
        // What comes back was sent after the broker knew of the subscriptions.
        client.publish(control.clone(), Bytes::new()).await.unwrap();
        told.next().await.unwrap();
        Self { client, calls, control, told }
    }

    /// The next call.
    pub(crate) async fn call(&mut self) -> Message {
        self.calls.next().await.unwrap()
    }

    /// Answers the next call.
    pub(crate) async fn answer(&mut self, headers: &[(&str, &str)], body: &'static str) {
        let reply = self.call().await.reply.unwrap();
        self.send(&reply, headers, body).await;
    }

    pub(crate) async fn send(&self, to: &Subject, headers: &[(&str, &str)], body: &'static str) {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, *value);
        }
        let (to, control) = (to.clone(), self.control.clone());
        let sent = self.client.publish_with_reply_and_headers(to, control, all, body.into());
        sent.await.unwrap();
    }

    /// Sends a part of a stream.
    pub(crate) async fn part(&self, to: &Subject, number: &str, body: &'static str) {
        self.send(to, &[("x-stream-sequence", number)], body).await;
    }
}

/// What stands beside a call.
pub(crate) fn headers_of(head: &CallHead, token: &str) -> HeaderMap {
    let mut pairs = BTreeMap::new();
    head.write(&mut pairs).unwrap();
    let pairs = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.as_str().into()));
    let mut headers: HeaderMap = pairs.collect();
    headers.insert("authorization", format!("Bearer {token}"));
    headers
}
