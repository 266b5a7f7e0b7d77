use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::{HeaderValue, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use kernel::contract::{Attempt, Channel, Problem, Unanswered};
use kernel::{Clock, Failure, FailureKind};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use super::{CallHead, ServiceKeys, issue};

/// The way to the contracts of a running process over one HTTP connection, one call at a time.
pub struct Client {
    address: SocketAddr,
    connection: Mutex<SendRequest<Full<Bytes>>>,
    keys: ServiceKeys,
    clock: Arc<dyn Clock>,
}

impl Client {
    /// Connects to the internal listener of a process.
    pub async fn connect(
        address: SocketAddr,
        keys: ServiceKeys,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let connection = Mutex::new(connect(address).await?);
        Ok(Self { address, connection, keys, clock })
    }

    /// Where it calls.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn message(&self, attempt: &Attempt<'_>) -> Result<Request<Full<Bytes>>, Failure> {
        let (address, method) = (attempt.address, attempt.method.name);
        let head = CallHead::of(attempt.call)?;
        let now = self.clock.now();
        let token = issue(&self.keys, (address, method), &head, &attempt.body, now)?;
        let mut message = Request::post(format!("/rpc/{address}/{method}"))
            .header(header::HOST, self.address.to_string())
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Full::new(attempt.body.clone()))
            .map_err(Failure::internal)?;
        head.write(message.headers_mut())?;
        Ok(message)
    }

    async fn exchange(
        &self,
        message: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let mut connection = self.connection.lock().await;
        if connection.ready().await.is_err() {
            *connection = connect(self.address).await?;
        }
        let response = connection.send_request(message).await.map_err(Failure::unavailable)?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(Failure::unavailable)?;
        Ok((status, body.to_bytes()))
    }
}

#[async_trait]
impl Channel for Client {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        let (status, body) = self.exchange(self.message(&attempt)?).await?;
        if status == StatusCode::OK {
            return Ok(body);
        }
        let problem: Problem = serde_json::from_slice(&body).map_err(mismatch)?;
        Err(Unanswered::Problem(Box::new(problem)))
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, Failure> {
    let unreachable = |error: std::io::Error| Failure::unavailable(error).not_executed();
    let stream = TcpStream::connect(address).await.map_err(unreachable)?;
    stream.set_nodelay(true).map_err(unreachable)?;
    let (sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(Failure::unavailable)?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(error = %error, "the connection to the running shop ended early");
        }
    });
    Ok(sender)
}

fn mismatch(error: serde_json::Error) -> Failure {
    Failure::new(FailureKind::Mismatch).because(error)
}
