use std::net::SocketAddr;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::Outcome;

/// The longest that any answer may take.
pub const PATIENCE: Duration = Duration::from_mins(1);

type Connection = SendRequest<Full<Bytes>>;

/// Where a server is now. It changes when the server is started again.
#[derive(Clone, Default)]
pub struct Address(Arc<Mutex<Option<SocketAddr>>>);

impl Address {
    /// Moves it.
    pub fn set(&self, address: SocketAddr) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
    }

    /// Where it is.
    pub fn get(&self) -> Outcome<SocketAddr> {
        let address = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        address.ok_or_else(|| "the server was never started".into())
    }
}

/// A plain HTTP client that keeps its connections. Clones share them.
#[derive(Clone)]
pub struct Http {
    address: Address,
    idle: Arc<Mutex<Vec<(SocketAddr, Connection)>>>,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, for messages.
    pub asked: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Http {
    /// A client of the server at an address.
    pub fn of(address: &Address) -> Self {
        Self { address: address.clone(), idle: Arc::default() }
    }

    /// Sends a request and reads the whole answer. Only a request that was never written is sent again.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Outcome<Answer> {
        let asked = format!("{} {}", request.method(), request.uri());
        match tokio::time::timeout(PATIENCE, self.exchange(request, &asked)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(format!("{asked}: {error}").into()),
            Err(_) => Err(format!("{asked}: no answer in {PATIENCE:?}").into()),
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>, asked: &str) -> Outcome<Answer> {
        let address = self.address.get()?;
        let mut request = request;
        while let Some(mut kept) = self.kept(address) {
            if kept.ready().await.is_err() {
                continue;
            }
            match kept.try_send_request(request).await {
                Ok(response) => return self.read(address, kept, response, asked).await,
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(error.into_error().into()),
                },
            }
        }
        let mut fresh = connect(address).await?;
        let response = fresh.send_request(request).await?;
        self.read(address, fresh, response, asked).await
    }

    fn kept(&self, address: SocketAddr) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(of, _)| *of == address);
        idle.pop().map(|(_, connection)| connection)
    }

    async fn read(
        &self,
        address: SocketAddr,
        connection: Connection,
        response: hyper::Response<hyper::body::Incoming>,
        asked: &str,
    ) -> Outcome<Answer> {
        let (head, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((address, connection));
        let status = head.status.as_u16();
        Ok(Answer { asked: asked.to_owned(), status, headers: head.headers, body })
    }
}

async fn connect(address: SocketAddr) -> Outcome<Connection> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

impl Answer {
    /// The same answer, if it has the status.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Outcome<Self> {
        if self.status == status {
            return Ok(self);
        }
        let at = Location::caller();
        Err(format!("{at}: wanted {status}, but {self}").into())
    }

    /// The same answer, if it is a problem with the status and the code.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Outcome<Self> {
        if self.status == status && self.code() == code {
            return Ok(self);
        }
        let at = Location::caller();
        Err(format!("{at}: wanted {status} {code}, but {self}").into())
    }

    /// The body as JSON; null where it is not.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The code of a problem, or nothing.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header as text, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        let start: String = body.chars().take(1_500).collect();
        write!(f, "{} answered {} {start}", self.asked, self.status)
    }
}
