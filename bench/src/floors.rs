//! What the way to another process costs by itself: the same bytes there and back, and nothing of ours between.

use std::time::{Duration, Instant};

use async_nats::Client;
use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use conformance::cost::Cost;
use e2e::Outcome;
use futures_util::StreamExt as _;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::calls::served;

const BYTES: &[u8] = &[b'7'; 150];
const TIMES: usize = 20_000;

/// Over one connection of the same client and server.
pub(crate) async fn http() -> Outcome<Cost> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let stream = TcpStream::connect(listener.local_addr()?).await?;
    stream.set_nodelay(true)?;
    let echo = Router::new().route("/", post(async |body: Bytes| body));
    let server = tokio::spawn(served(listener, echo));
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let mut took = Took::default();
    while !took.is_enough() {
        let started = Instant::now();
        sender.ready().await?;
        let asked = Request::post("/")
            .header("host", "floor")
            .body(Full::new(Bytes::from_static(BYTES)))?;
        sender.send_request(asked).await?.into_body().collect().await?;
        took.note(started);
    }
    server.abort();
    connection.abort();
    Ok(took.cost())
}

/// Through the broker, over the same connections.
pub(crate) async fn nats(theirs: &Client, ours: &Client, subject: String) -> Outcome<Cost> {
    let mut asked = theirs.subscribe(subject.clone()).await?;
    let answering = theirs.clone();
    let server = tokio::spawn(async move {
        while let Some(message) = asked.next().await {
            let Some(reply) = message.reply else { continue };
            if answering.publish(reply, message.payload).await.is_err() {
                return;
            }
        }
    });
    // The broker knows of the subscription when it knows.
    while ours.request(subject.clone(), Bytes::new()).await.is_err() {}
    let mut took = Took::default();
    while !took.is_enough() {
        let started = Instant::now();
        ours.request(subject.clone(), Bytes::from_static(BYTES)).await?;
        took.note(started);
    }
    server.abort();
    Ok(took.cost())
}

#[derive(Default)]
struct Took(Vec<Duration>);

impl Took {
    fn note(&mut self, started: Instant) {
        self.0.push(started.elapsed());
    }

    fn is_enough(&self) -> bool {
        self.0.len() >= TIMES + TIMES / 10
    }

    /// Without the first ones, which warm it up.
    fn cost(mut self) -> Cost {
        Cost::of(self.0.split_off(TIMES / 10))
    }
}
