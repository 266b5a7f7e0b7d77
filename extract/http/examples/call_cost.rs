//! Prints what a call over loopback costs: `cargo run --release -p extract-http --example call_cost`.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::serve::ListenerExt as _;
use extract_http::{ChannelSettings, HttpChannel, ServeSettings, Serving, router};
use extract_wire::{CallHead, KeySettings, Seen, ServiceKeys, issue, verify};
use kernel::contract::{Contract as _, Peer, Unattended};
use kernel::{
    Call, CallError, Clock as _, ModuleName, SystemClock, async_trait, contract, refusal,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

const CALLS: usize = 20_000;

/// Answers what it is asked.
#[contract(name = "echo", version = 1)]
#[async_trait]
trait Echo: Send + Sync + 'static {
    /// Says it again.
    #[call(read)]
    async fn echo(&self, call: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>>;
}

/// Something of the size of a small message.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Said {
    words: Vec<String>,
}

/// Never.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
enum EchoRefusal {
    /// It does not come to this.
    #[error("silence")]
    Silence,
}
refusal!(EchoRefusal { Silence => NotFound });

struct Wall;

#[async_trait]
impl Echo for Wall {
    async fn echo(&self, _: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>> {
        Ok(request)
    }
}

fn call() -> Call {
    Call::system(ModuleName::new("bench"), Duration::from_secs(5))
}

#[expect(clippy::print_stdout, reason = "this is what it is for")]
fn print(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |percent: usize| took[took.len() * percent / 100].as_nanos() / 100;
    let (p50, p99) = (at(50), at(99));
    println!("{what}: p50 {}.{} µs, p99 {}.{} µs", p50 / 10, p50 % 10, p99 / 10, p99 % 10);
}

fn cost_of_tokens(keys: &ServiceKeys) -> Result<(), Box<dyn Error>> {
    let (seen, target, body) = (Seen::default(), ("echo.v1", "echo"), &b"{}"[..]);
    let mut took = Vec::with_capacity(CALLS);
    for _ in 0..CALLS / 10 {
        let started = Instant::now();
        let head = CallHead::of(&call())?;
        let token = issue(keys, target, &head, body, SystemClock.now())?;
        verify((keys, &seen), &token, target, (&head, body), SystemClock.now())?;
        took.push(started.elapsed());
    }
    print("the token of a call, made and checked", took);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let keys = Arc::new(ServiceKeys::open(KeySettings::default(), directory.path())?);
    let dispatch = <dyn Echo>::dispatcher(Arc::new(Wall), &Unattended::default());
    let serving = Serving::new(keys.clone(), Arc::new(SystemClock), ServeSettings::default());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _as_it_was = stream.set_nodelay(true);
    });
    let router = router(Arc::new(serving.contract(dispatch)));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let settings = ChannelSettings::default();
    let channel = HttpChannel::new(&[url], keys.clone(), Arc::new(SystemClock), settings)?;
    let echo = <dyn Echo>::remote(Peer::new(Arc::new(channel)));
    let said = Said { words: vec!["sku-000001".to_owned(); 10] };
    let mut took = Vec::with_capacity(CALLS);
    for number in 0..CALLS + CALLS / 10 {
        let started = Instant::now();
        echo.echo(&call(), said.clone()).await?;
        if number >= CALLS / 10 {
            took.push(started.elapsed());
        }
    }
    print("a unary call over loopback", took);
    cost_of_tokens(&keys)
}
