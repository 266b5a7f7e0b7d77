use std::sync::Arc;

use async_nats::Request;
use bytes::Bytes;
use conformance::{Patience, Reached, Shown, Way};
use extract_nats::{ChannelSettings, NatsChannel, Server, ServerSettings};
use extract_wire::{ServiceKeys, Serving};
use kernel::contract::{Channel, Problem};
use kernel::{SystemClock, async_trait};

use crate::desk::Desk;
use crate::scripted::headers_of;

/// Over a broker; each process under a name of its own.
struct OverNats;

struct Process {
    desk: Desk,
    channel: Arc<dyn Channel>,
    _server: Server,
}

#[async_trait(?Send)]
impl Way for OverNats {
    async fn open() -> Option<Self> {
        testkit::nats().await.map(|_| Self)
    }

    async fn reach(
        &self,
        serving: Serving,
        keys: Arc<ServiceKeys>,
        patience: Patience,
    ) -> Box<dyn Reached> {
        let desk = Desk::open().await.unwrap();
        let server = desk.serve_with(serving, ServerSettings::default()).await;
        let Patience { silence, largest_answer } = patience;
        let settings = ChannelSettings { silence, largest_answer, ..ChannelSettings::default() };
        let channel =
            NatsChannel::new(&desk.connect().await, keys, Arc::new(SystemClock), settings).await;
        Box::new(Process { desk, channel: Arc::new(channel.unwrap()), _server: server })
    }
}

#[async_trait(?Send)]
impl Reached for Process {
    fn channel(&self) -> Arc<dyn Channel> {
        Arc::clone(&self.channel)
    }

    async fn show(&self, shown: Shown<'_>) -> Result<Bytes, Box<Problem>> {
        let headers = headers_of(shown.head, shown.token);
        let (address, method) = shown.target;
        let subject = format!("{}.rpc.{address}.{method}", self.desk.settings.prefix);
        let request = Request::new().headers(headers).payload(shown.body.into());
        let answer = self.desk.client().await.send_request(subject, request).await.unwrap();
        let code = answer.headers.as_ref().and_then(|all| all.get("Nats-Service-Error-Code"));
        let Some(code) = code else { return Ok(answer.payload) };
        let problem: Problem = serde_json::from_slice(&answer.payload).unwrap();
        assert_eq!(problem.status.to_string(), code.as_str());
        Err(Box::new(problem))
    }
}

conformance::sentences!(super::OverNats);
