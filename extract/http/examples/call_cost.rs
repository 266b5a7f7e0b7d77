//! Prints what a call over loopback costs: `cargo run --release -p extract-http --example call_cost`.

use std::error::Error;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use conformance::cost::Bench;
use extract_http::{ChannelSettings, HttpChannel, router};
use kernel::SystemClock;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let bench = Bench::open()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _as_it_was = stream.set_nodelay(true);
    });
    let router = router(Arc::new(bench.serving()));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let (keys, clock) = (Arc::clone(&bench.keys), Arc::new(SystemClock));
    let channel = HttpChannel::new(&[url], keys, clock, ChannelSettings::default())?;
    bench.print("a unary call over loopback HTTP", Arc::new(channel)).await
}
