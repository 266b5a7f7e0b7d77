use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt as _;
use conformance::cost::{Bench, Cost};
use e2e::Outcome;
use extract_http::HttpChannel;
use extract_nats::{NatsChannel, NatsSettings, Server, ServerSettings, connect};
use kernel::SystemClock;
use tokio::net::TcpListener;

use crate::floors;

/// A call, and the same bytes by themselves.
struct Compared {
    call: Cost,
    floor: Cost,
}

/// What the same small call costs over each transport on this machine, as a table in Markdown.
pub(crate) async fn measure() -> Outcome<String> {
    let bench = Bench::open().map_err(|error| error.to_string())?;
    let http = Compared { floor: floors::http().await?, call: over_http(&bench).await? };
    let token = bench.token().map_err(|error| error.to_string())?;
    let row = |way: &str, target: &str, Compared { call, floor }: Compared| {
        format!("| {way} | p50 ≤ {target} | {call} | {floor} | {token} |\n")
    };
    let nats = over_nats(&bench).await?;
    let nats = nats.map_or_else(
        || "| NATS | p50 ≤ 150 µs | not measured: no broker | | |\n".to_owned(),
        |compared| row("NATS", "150 µs", compared),
    );
    Ok(format!(
        "\nA small contract call, one at a time, and what of it is not ours: the same bytes there and back with the client, the server and the \
         broker alone, and the signature that is made and checked:\n\n\
         | way | target | a call | the bytes alone | its token |\n|---|---|---|---|---|\n{}{nats}",
        row("loopback HTTP", "100 µs", http)
    ))
}

/// Serves what is asked at an address until it is aborted.
pub(crate) async fn served(listener: TcpListener, router: Router) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        let _as_it_was = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await
}

async fn over_http(bench: &Bench) -> Outcome<Cost> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let router = extract_http::router(Arc::new(bench.serving()));
    let server = tokio::spawn(served(listener, router));
    let (keys, clock) = (Arc::clone(&bench.keys), Arc::new(SystemClock));
    let settings = extract_http::ChannelSettings::default();
    let channel = HttpChannel::new(&[url], keys, clock, settings)?;
    let cost = bench.cost(Arc::new(channel)).await.map_err(|error| error.to_string())?;
    server.abort();
    Ok(cost)
}

async fn over_nats(bench: &Bench) -> Outcome<Option<Compared>> {
    let Some(broker) = testkit::nats().await else { return Ok(None) };
    let floor = format!("{}.floor", broker.prefix);
    let settings = NatsSettings { prefix: broker.prefix, ..NatsSettings::at(broker.url) };
    let (theirs, ours) = (connect(&settings).await?, connect(&settings).await?);
    let floor = floors::nats(theirs.client(), ours.client(), floor).await?;
    let serving = Arc::new(bench.serving());
    let server = Server::start(&theirs, serving, ServerSettings::default()).await?;
    server.ready().await;
    let (keys, clock) = (Arc::clone(&bench.keys), Arc::new(SystemClock));
    let settings = extract_nats::ChannelSettings::default();
    let channel = NatsChannel::new(&ours, keys, clock, settings).await?;
    while !ours.is_up() {
        tokio::task::yield_now().await;
    }
    let call = bench.cost(Arc::new(channel)).await.map_err(|error| error.to_string())?;
    server.stop().await;
    Ok(Some(Compared { call, floor }))
}
