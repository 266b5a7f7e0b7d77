use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use kernel::{Call, CallError, Clock, Failure, FailureKind, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use super::{CallHead, Problem, ServiceKeys, issue};

/// Calls the contracts of a running process, one call at a time.
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

    /// Makes one attempt of a call.
    pub async fn call<Q: Serialize, A: DeserializeOwned, R: Refusal>(
        &self,
        (contract, method): (&str, &str),
        call: &Call,
        request: &Q,
    ) -> Result<A, CallError<R>> {
        let body = serde_json::to_vec(request).map_err(Failure::internal)?;
        let head = CallHead::of(call)?;
        let token = issue(&self.keys, (contract, method), &head, &body, self.clock.now())?;
        let mut message = Request::post(format!("/rpc/{contract}/{method}"))
            .header(header::HOST, self.address.to_string())
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Full::new(Bytes::from(body)))
            .map_err(Failure::internal)?;
        head.write(message.headers_mut())?;
        let sent = tokio::time::timeout(call.remaining(), self.exchange(message)).await;
        let (status, body) = sent.map_err(|_| Failure::deadline())??;
        if status == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(|error| mismatch(error).into());
        }
        let problem: Problem = serde_json::from_slice(&body).map_err(mismatch)?;
        Err(problem.into_error())
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
