use std::net::SocketAddr;

use bytes::Bytes;
use e2e::Outcome;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// One connection that is kept, and nothing around it: the client shares the cores with the server.
pub(crate) struct Wire {
    sender: SendRequest<Full<Bytes>>,
}

impl Wire {
    /// Connects.
    pub(crate) async fn to(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    /// Reads, and wants 200.
    pub(crate) async fn get(&mut self, path: &str) -> Outcome<Bytes> {
        let request = Request::builder().uri(path).header("host", "shop.example");
        self.send(request.body(Full::default())?, 200).await
    }

    /// Sends JSON, and wants a status.
    pub(crate) async fn json(
        &mut self,
        method: Method,
        path: &str,
        body: String,
        status: u16,
    ) -> Outcome<Bytes> {
        let request = Request::builder().method(method).uri(path).header("host", "shop.example");
        let request = request.header("content-type", "application/json");
        self.send(request.body(Full::from(body))?, status).await
    }

    /// Sends an order with its key, and wants it confirmed at once.
    pub(crate) async fn order(&mut self, key: &str, body: String) -> Outcome<Bytes> {
        let request = Request::builder().method(Method::POST).uri("/api/orders");
        let request = request.header("host", "shop.example").header("idempotency-key", key);
        let request = request.header("content-type", "application/json");
        self.send(request.body(Full::from(body))?, 201).await
    }

    async fn send(&mut self, request: Request<Full<Bytes>>, status: u16) -> Outcome<Bytes> {
        let asked = format!("{} {}", request.method(), request.uri().path());
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let got = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        if got == status {
            return Ok(body);
        }
        Err(format!("{asked} answered {got}: {}", String::from_utf8_lossy(&body)).into())
    }
}
