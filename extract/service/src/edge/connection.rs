use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::Service;
use tracing::debug;

use super::guard::ambiguity;
use super::leftover::lend;
use super::stall::StallGuard;
use crate::settings::ServerSettings;

/// Who is at the other end of the connection: a client, or the last proxy before us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// What all connections of a listener share.
pub(super) struct Door {
    router: Router,
    http: http1::Builder,
    write_timeout: std::time::Duration,
    shutdown: CancellationToken,
    idle: CancellationToken,
    abort: CancellationToken,
}

impl Door {
    pub(super) fn new(
        router: Router,
        settings: &ServerSettings,
        shutdown: CancellationToken,
    ) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(settings.header_timeout())
            .max_headers(settings.max_headers)
            .max_buf_size(settings.max_header_bytes.max(8192));
        Self {
            router,
            http,
            write_timeout: settings.write_timeout(),
            shutdown,
            idle: CancellationToken::new(),
            abort: CancellationToken::new(),
        }
    }

    /// Closes the connections on which no request is in flight.
    pub(super) fn close_idle(&self) {
        self.idle.cancel();
    }

    /// Closes all connections.
    pub(super) fn abort(&self) {
        self.abort.cancel();
    }

    async fn answer(
        &self,
        peer: SocketAddr,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Infallible> {
        let (parts, body) = request.into_parts();
        let mut response = if let Some(refusal) = ambiguity(&parts.headers, parts.version) {
            refusal
        } else if body.is_end_stream() {
            self.routed(peer, Request::from_parts(parts, Body::empty())).await?
        } else {
            let (body, leftover) = lend(body);
            let request = Request::from_parts(parts, Body::new(body));
            let response = self.routed(peer, request).await?;
            if !is_shedding(response.status()) {
                leftover.discard().await;
            }
            response
        };
        if self.shutdown.is_cancelled() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }

    async fn routed(
        &self,
        peer: SocketAddr,
        mut request: Request<Body>,
    ) -> Result<Response<Body>, Infallible> {
        request.extensions_mut().insert(Peer(peer));
        self.router.clone().call(request).await
    }
}

/// Whether the answer says that there is too much to do, which reading on would make worse.
fn is_shedding(status: StatusCode) -> bool {
    matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
}

/// Serves one connection to its end.
pub(super) async fn drive(door: &Door, stream: TcpStream, peer: SocketAddr) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(error = %error, "a connection was gone before it was served");
        return;
    }
    let heard = AtomicBool::new(false);
    let stream = TokioIo::new(StallGuard::new(stream, door.write_timeout, &heard));
    let service = service_fn(|request| door.answer(peer, request));
    let mut connection = pin!(door.http.serve_connection(stream, service));
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = door.idle.cancelled() => {
            if !heard.load(Ordering::Relaxed) {
                return; // it never asked for anything
            }
            connection.as_mut().graceful_shutdown();
            door.abort.run_until_cancelled(connection).await
        }
    };
    if let Some(Err(error)) = ended {
        debug!(error = %error, "a connection ended early");
    }
}
