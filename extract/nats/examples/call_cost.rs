//! Prints what a call over a broker on this machine costs: `cargo run --release -p extract-nats --example call_cost`.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use async_nats::Message;
use bytes::Bytes;
use conformance::cost::{Bench, print};
use extract_nats::{
    ChannelSettings, Connection, NatsChannel, NatsSettings, Server, ServerSettings, connect,
};
use futures_util::StreamExt as _;
use kernel::SystemClock;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(broker) = testkit::nats().await else { return Ok(()) };
    let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
    let (bench, theirs, ours) =
        (Bench::open()?, connect(&settings).await?, connect(&settings).await?);
    let serving = Arc::new(bench.serving());
    let server = Server::start(&theirs, serving, ServerSettings::default()).await?;
    server.ready().await;
    testkit::until("connected", async || ours.is_up()).await;

    let (keys, clock) = (Arc::clone(&bench.keys), Arc::new(SystemClock));
    let channel = NatsChannel::new(&ours, keys, clock, ChannelSettings::default()).await?;
    bench.print("a unary call over NATS", Arc::new(channel)).await?;
    print_bare(&theirs, &ours).await?;
    server.stop().await;
    Ok(())
}

/// What of that is the broker and its client.
async fn print_bare(theirs: &Connection, ours: &Connection) -> Result<(), Box<dyn Error>> {
    let subject = format!("{}.bare", theirs.prefix());
    let (client, mut asked) =
        (theirs.client().clone(), theirs.client().subscribe(subject.clone()).await?);
    let answering = tokio::spawn(async move {
        while let Some(Message { reply: Some(reply), payload, .. }) = asked.next().await {
            let _asked_again = client.publish(reply, payload).await;
        }
    });
    while ours.client().request(subject.clone(), Bytes::new()).await.is_err() {}
    let mut took = Vec::new();
    for _ in 0..20_000 {
        let started = Instant::now();
        ours.client().request(subject.clone(), Bytes::from_static(&[b'x'; 150])).await?;
        took.push(started.elapsed());
    }
    print("a bare request over NATS", took);
    answering.abort();
    Ok(())
}
