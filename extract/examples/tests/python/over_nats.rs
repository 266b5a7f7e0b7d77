//! The same contracts over NATS.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{HeaderMap, Message};
use extract_nats::{
    ChannelSettings, Connection, JetStreamInbox, NatsChannel, NatsSettings, Server, ServerSettings,
    connect,
};
use extract_wire::{Introduction, ServeSettings, Serving};
use kernel::contract::{Contract as _, Peer, Problem, RetrySettings, Unattended};
use kernel::{DeliveryId, Executed, FailureKind, ModuleName, Principal, Proof, SystemClock};
use platform::ops::{Confirmed, FakeOps, GetHealth, Ops};
use platform::{Inbox as _, Offered, Taken};
use recommendations_contract::{Popular, Recommendations, Related};
use tokio::sync::mpsc;

use crate::events::{bought, order};
use crate::module::{FRIEND, Module, OPS, call, can_run_over_nats, keys, of};
use crate::raw::{Raw, TARGET, head};

/// The module, and a connection to its broker.
pub(crate) struct Stage {
    pub(crate) module: Module,
    connection: Connection,
    prefix: String,
}

impl Stage {
    /// Nothing where a broker, or what the module needs, is not there.
    pub(crate) async fn open() -> Option<Self> {
        if !can_run_over_nats() {
            return None;
        }
        let nats = testkit::nats().await?;
        let settings = NatsSettings { prefix: nats.prefix.clone(), ..NatsSettings::at(&nats.url) };
        let (url, prefix) = (nats.url, nats.prefix.clone());
        let start = move || Module::start_on(&url, &prefix);
        let module = tokio::task::spawn_blocking(start).await.unwrap();
        let connection = connect(&settings).await.unwrap();
        testkit::until("connected", async || connection.is_up()).await;
        Some(Self { module, connection, prefix: nats.prefix })
    }

    /// Ends the module, and takes away what it made on the broker that tests share.
    pub(crate) async fn close(self) {
        drop(self.module);
        let stream = format!("{}-events-recommendations", self.prefix);
        let context = async_nats::jetstream::new(self.connection.client().clone());
        let _never_made = context.delete_stream(stream).await;
    }

    pub(crate) async fn channel(&self) -> NatsChannel {
        let (keys, clock) = (keys(FRIEND, &[]), Arc::new(SystemClock));
        NatsChannel::new(&self.connection, keys, clock, ChannelSettings::default()).await.unwrap()
    }

    async fn peer(&self) -> Peer {
        let once = RetrySettings { attempts: 1, ..RetrySettings::default() };
        Peer::with(Arc::new(self.channel().await), once)
    }

    /// What comes back for a message as it is.
    async fn shown(&self, raw: &Raw) -> Result<(), (FailureKind, Executed)> {
        let (address, method) = raw.target;
        let mut headers = HeaderMap::new();
        for (name, value) in &raw.headers {
            headers.insert(name.as_str(), value.as_str());
        }
        let subject = format!("{}.rpc.{address}.{method}", self.prefix);
        let client = self.connection.client();
        let asked = client.request_with_headers(subject, headers, raw.body.clone().into());
        let Message { payload, headers, .. } = asked.await.unwrap();
        let is_error = headers.is_some_and(|headers| headers.get("Nats-Service-Error").is_some());
        if !is_error {
            return Ok(());
        }
        let failure = serde_json::from_slice::<Problem>(&payload).unwrap().failure().unwrap();
        Err((failure.kind, failure.executed))
    }
}

const DENIED: Result<(), (FailureKind, Executed)> = Err((FailureKind::Denied, Executed::No));

#[tokio::test]
async fn it_serves_the_same_contracts_over_nats() {
    let Some(stage) = Stage::open().await else { return };
    let recommendations = <dyn Recommendations>::remote(stage.peer().await);
    let ops = <dyn Ops>::remote(stage.peer().await.at(OPS));
    let channel = stage.channel().await;

    let introduced = channel.introduction("recommendations.v1", &of("gateway")).await.unwrap();
    assert_eq!(introduced, Introduction::of(<dyn Recommendations>::DESCRIPTOR));
    assert!(ops.health(&of("cli"), GetHealth {}).await.unwrap().ready);
    let guest = call(Principal::Guest { proof: Some(Proof::new("größer")) });
    let popular = Popular { among: None, limit: 5 };
    assert_eq!(recommendations.popular(&guest, popular).await.unwrap(), []);
    stage.close().await;
}

#[tokio::test]
async fn forged_moved_and_repeated_tokens_are_denied_over_nats() {
    let Some(stage) = Stage::open().await else { return };
    let body = br#"{"limit":5}"#;
    let stranger = Raw::signed(&keys(9, &[]), TARGET, &head(), body, Duration::ZERO);
    let old = Raw::signed(&keys(FRIEND, &[]), TARGET, &head(), body, Duration::from_secs(66));
    let moved = Raw { target: ("recommendations.v1", "related"), ..Raw::new() };

    for (what, raw) in [("a stranger's", stranger), ("expired", old), ("moved", moved)] {
        assert_eq!(stage.shown(&raw).await, DENIED, "{what}");
    }
    let good = Raw::new();
    assert_eq!(stage.shown(&good).await, Ok(()));
    assert_eq!(stage.shown(&good).await, DENIED);
    let unknown = Raw::of(("recommendations.v1", "steal"), b"{}");
    assert_eq!(stage.shown(&unknown).await, Err((FailureKind::Mismatch, Executed::No)));
    stage.close().await;
}

#[tokio::test]
async fn it_announces_itself_by_the_service_protocol() {
    let Some(stage) = Stage::open().await else { return };
    let asked = stage.connection.client().request("$SRV.INFO.recommendations-ops", "".into());

    let Message { payload, .. } = asked.await.unwrap();

    let said: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(said["type"], "io.nats.micro.v1.info_response");
    assert_eq!(said["name"], "recommendations-ops");
    assert_eq!(said["version"], "1.0.0");
    assert_eq!(said["metadata"]["module"], "recommendations");
    stage.close().await;
}

/// What operators see of `orders`, which notes who confirms what to it.
async fn orders(stage: &Stage) -> (Server, mpsc::UnboundedReceiver<DeliveryId>) {
    let (tell, told) = mpsc::unbounded_channel();
    let fake = Arc::new(FakeOps::default());
    fake.confirm.answer(move |call, request| {
        assert_eq!(call.caller.as_str(), "recommendations");
        request.deliveries.iter().for_each(|delivery| tell.send(*delivery).unwrap());
        let confirmed = u64::try_from(request.deliveries.len()).unwrap();
        std::future::ready(Ok(Confirmed { confirmed }))
    });
    let keys = keys(8, &[("recommendations", &stage.module.public_key)]);
    let serving = Serving::new(keys, Arc::new(SystemClock), ServeSettings::default());
    let dispatch = <dyn Ops>::dispatcher(fake, &Unattended::default());
    let serving = Arc::new(serving.contract_at("orders-ops.v1", dispatch));
    let settings = ServerSettings::default();
    let server = Server::start(&stage.connection, serving, settings).await.unwrap();
    server.ready().await;
    (server, told)
}

#[tokio::test]
async fn it_stores_what_comes_over_jetstream_and_confirms_it_to_its_producer() {
    let Some(stage) = Stage::open().await else { return };
    let (_server, mut confirmed) = orders(&stage).await;
    let inbox = JetStreamInbox::new(&stage.connection, &ModuleName::new("recommendations"));
    let event = bought(&order(1), &["A", "B"], None);
    let offered: Offered = serde_json::from_value(event).unwrap();

    let taken = inbox.store(std::slice::from_ref(&offered)).await.unwrap();

    assert_eq!(taken, Taken::Sent);
    assert_eq!(confirmed.recv().await, Some(offered.id));
    let related = Related { skus: vec!["A".parse().unwrap()], limit: 5 };
    let guest = call(Principal::Guest { proof: None });
    let told = stage.module.recommendations().related(&guest, related).await.unwrap();
    assert_eq!(
        told.iter().map(|one| (one.sku.as_str(), one.orders)).collect::<Vec<_>>(),
        [("B", 1)]
    );
    stage.close().await;
}
