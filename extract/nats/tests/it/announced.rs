use std::sync::Arc;

use conformance::{FakeShelf, LOOK, SEEN, Seen, Shelf, call};
use extract_wire::{Introduction, ServeSettings, Serving};
use kernel::SystemClock;
use kernel::contract::{Contract as _, Unattended};
use serde_json::Value;

use crate::desk::Desk;

/// A contract under a name that no other test has on this broker.
struct Named {
    desk: Desk,
    name: String,
    _server: extract_nats::Server,
    shelf: Arc<dyn Shelf>,
}

impl Named {
    async fn open() -> Option<Self> {
        let desk = Desk::open().await?;
        let name = desk.settings.prefix.replace('_', "-");
        let shelf = Arc::new(FakeShelf::default());
        shelf.look.answer(|_, _| std::future::ready(Ok(SEEN)));
        let dispatch = <dyn Shelf>::dispatcher(shelf, &Unattended::default());
        let (keys, clock) = (Arc::clone(&desk.desk.keys), Arc::new(SystemClock));
        let serving = Serving::new(keys, clock, ServeSettings::default());
        let address = format!("{name}.v1");
        let serving = serving.contract_at(address.clone(), dispatch);
        let server = desk.serve_with(serving, extract_nats::ServerSettings::default()).await;
        let peer = kernel::contract::Peer::new(desk.channel().await).at(address);
        Some(Self { desk, name, _server: server, shelf: <dyn Shelf>::remote(peer) })
    }

    async fn ask(&self, subject: String) -> Value {
        let answer = self.desk.client().await.request(subject, "".into()).await.unwrap();
        serde_json::from_slice(&answer.payload).unwrap()
    }
}

#[tokio::test]
async fn a_service_is_found_by_its_name_and_by_its_id() {
    let Some(named) = Named::open().await else { return };
    let introduction = Introduction::of(<dyn Shelf>::DESCRIPTOR);

    let pinged = named.ask(format!("$SRV.PING.{}", named.name)).await;
    let id = pinged["id"].as_str().unwrap();
    let again = named.ask(format!("$SRV.PING.{}.{id}", named.name)).await;

    assert_eq!(pinged, again);
    assert_eq!(pinged["type"], "io.nats.micro.v1.ping_response");
    assert_eq!(pinged["name"], named.name.as_str());
    assert_eq!(pinged["version"], "1.0.0");
    assert_eq!(pinged["metadata"]["fingerprint"], introduction.fingerprint.as_str());
    let client = named.desk.client().await;
    let nobody = client.request(format!("$SRV.PING.{}.another", named.name), "".into());
    assert!(nobody.await.is_err());
}

#[tokio::test]
async fn everybody_is_found_at_once() {
    use futures_util::StreamExt as _;
    let Some(named) = Named::open().await else { return };
    let client = named.desk.client().await;
    let inbox = client.new_inbox();
    let mut found = client.subscribe(inbox.clone()).await.unwrap();

    client.publish_with_reply("$SRV.PING", inbox, "".into()).await.unwrap();

    loop {
        let said: Value = serde_json::from_slice(&found.next().await.unwrap().payload).unwrap();
        if said["name"] == named.name.as_str() {
            return;
        }
    }
}

#[tokio::test]
async fn a_service_tells_its_methods_and_what_it_did() {
    let Some(named) = Named::open().await else { return };
    assert_eq!(named.shelf.look(&call(), LOOK).await.unwrap(), Seen { items: 3 });
    assert!(named.shelf.put(&call(), conformance::PUT).await.is_err());

    let info = named.ask(format!("$SRV.INFO.{}", named.name)).await;
    testkit::until("both calls are counted", async || {
        let stats = named.ask(format!("$SRV.STATS.{}", named.name)).await;
        stats["endpoints"][1]["num_errors"] == 1
    })
    .await;
    let stats = named.ask(format!("$SRV.STATS.{}", named.name)).await;

    assert_eq!(info["type"], "io.nats.micro.v1.info_response");
    let look = &info["endpoints"][0];
    assert_eq!(look["name"], "look");
    let subject = format!("{}.rpc.{}.v1.look", named.desk.settings.prefix, named.name);
    assert_eq!(look["subject"], subject);
    assert_eq!(look["queue_group"], named.name.as_str());
    assert_eq!(look["metadata"]["effect"], "read");
    assert_eq!(info["endpoints"][3]["metadata"]["stream"], "true");
    assert_eq!(stats["type"], "io.nats.micro.v1.stats_response");
    let (looks, puts) = (&stats["endpoints"][0], &stats["endpoints"][1]);
    assert_eq!((&looks["num_requests"], &looks["num_errors"]), (&1.into(), &0.into()));
    assert!(looks["average_processing_time"].as_u64().unwrap() > 0);
    assert_eq!(puts["last_error"], "500:internal error");
    assert!(stats["started"].as_str().unwrap().ends_with('Z'));
}
