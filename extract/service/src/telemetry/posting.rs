use std::time::Duration;

use async_trait::async_trait;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper_util::rt::TokioIo;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio_util::task::AbortOnDropHandle;

/// A collector that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(3);
const LARGEST_ANSWER: usize = 64 * 1024;

/// Posts to a collector, on a connection for each batch: there is one every few seconds.
#[derive(Debug)]
pub(super) struct Posting {
    runtime: Handle,
}

impl Posting {
    /// Works on the runtime that this is called on.
    pub(super) fn new() -> Self {
        Self { runtime: Handle::current() }
    }
}

#[async_trait]
impl HttpClient for Posting {
    /// Asked on a thread of the exporter's own, which knows no runtime.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let posted =
            self.runtime.spawn(async { tokio::time::timeout(PATIENCE, post(request)).await });
        AbortOnDropHandle::new(posted).await??
    }
}

async fn post(request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().ok_or("no host")?.clone();
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, authority.port_u16().unwrap_or(80))).await?;
    let (mut collector, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    parts.headers.insert(HOST, HeaderValue::try_from(authority.as_str())?);
    parts.uri = parts.uri.path_and_query().map_or("/", |path| path.as_str()).parse()?;
    let answer = collector.send_request(Request::from_parts(parts, Full::new(body))).await?;
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, LARGEST_ANSWER).collect().await?.to_bytes();
    Ok(Response::from_parts(parts, body))
}
