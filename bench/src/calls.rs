use std::sync::Arc;

use axum::serve::ListenerExt as _;
use conformance::cost::{Bench, Cost};
use e2e::Outcome;
use extract_http::HttpChannel;
use extract_nats::{NatsChannel, NatsSettings, Server, ServerSettings, connect};
use kernel::SystemClock;
use tokio::net::TcpListener;

/// What the same small call costs over each transport on this machine, as a table in Markdown.
pub(crate) async fn measure() -> Outcome<String> {
    let bench = Bench::open().map_err(|error| error.to_string())?;
    let http = over_http(&bench).await?;
    let nats = over_nats(&bench).await?;
    let nats = nats.map_or_else(|| "not measured: no broker".to_owned(), |cost| cost.to_string());
    Ok(format!(
        "\nA small contract call, token and all, one at a time:\n\n| way | target | cost |\n|---|---|---|\n\
         | loopback HTTP | p50 ≤ 100 µs | {http} |\n| NATS | p50 ≤ 150 µs | {nats} |\n"
    ))
}

async fn over_http(bench: &Bench) -> Outcome<Cost> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _as_it_was = stream.set_nodelay(true);
    });
    let router = extract_http::router(Arc::new(bench.serving()));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let (keys, clock) = (Arc::clone(&bench.keys), Arc::new(SystemClock));
    let settings = extract_http::ChannelSettings::default();
    let channel = HttpChannel::new(&[url], keys, clock, settings)?;
    let cost = bench.cost(Arc::new(channel)).await.map_err(|error| error.to_string())?;
    server.abort();
    Ok(cost)
}

async fn over_nats(bench: &Bench) -> Outcome<Option<Cost>> {
    let Some(broker) = testkit::nats().await else { return Ok(None) };
    let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
    let (theirs, ours) = (connect(&settings).await?, connect(&settings).await?);
    let serving = Arc::new(bench.serving());
    let server = Server::start(&theirs, serving, ServerSettings::default()).await?;
    server.ready().await;
    let (keys, clock) = (Arc::clone(&bench.keys), Arc::new(SystemClock));
    let settings = extract_nats::ChannelSettings::default();
    let channel = NatsChannel::new(&ours, keys, clock, settings).await?;
    while !ours.is_up() {
        tokio::task::yield_now().await;
    }
    let cost = bench.cost(Arc::new(channel)).await.map_err(|error| error.to_string())?;
    server.stop().await;
    Ok(Some(cost))
}
