use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

use super::connection::{Door, drive};
use crate::settings::ServerSettings;

/// How long a connection that is in use is left to learn from an answer that the server closes it.
const LINGER: Duration = Duration::from_millis(300);
/// How long to leave the listener alone when the process has no more file descriptors.
const BREATHER: Duration = Duration::from_millis(50);

/// Serves a router until `shutdown` is cancelled; then finishes the requests in flight within `settings.drain_ms`.
///
/// Clients that dawdle with headers, or that read nothing of their answer, are cut off.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &ServerSettings,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let door = Arc::new(Door::new(router, settings, shutdown.clone()));
    let places = Arc::new(Semaphore::new(settings.max_connections));
    let connections = TaskTracker::new();
    info!(server.address = %address, "listening on {address}");
    while let Some(accepted) = shutdown.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok(accepted) => admit(&door, &places, &connections, accepted),
            Err(error) => pause_if_exhausted(&error, &shutdown).await,
        }
    }
    // Those that the kernel has accepted already were promised an answer.
    while let Some(Ok(accepted)) = listener.accept().now_or_never() {
        admit(&door, &places, &connections, accepted);
    }
    drop(listener);
    drain(&door, &connections, settings.drain()).await;
    info!(server.address = %address, "stopped listening on {address}");
    Ok(())
}

fn admit(
    door: &Arc<Door>,
    places: &Arc<Semaphore>,
    connections: &TaskTracker,
    (stream, peer): (TcpStream, SocketAddr),
) {
    match Arc::clone(places).try_acquire_owned() {
        Ok(place) => {
            let door = Arc::clone(door);
            connections.spawn(async move {
                drive(&door, stream, peer).await;
                drop(place);
            });
        }
        Err(_) => turn_away(&stream),
    }
}

/// Says in one write, and without waiting, that there is no room.
fn turn_away(stream: &TcpStream) {
    const BODY: &str = r#"{"type":"urn:galleria:problem:overloaded","title":"Overloaded","status":503,"code":"overloaded","detail":"too many connections"}"#;
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    if let Err(error) = stream.try_write(answer.as_bytes()) {
        debug!(error = %error, "a connection was turned away unheard");
    }
    metrics::counter!("galleria_http_connections_refused_total").increment(1);
}

async fn pause_if_exhausted(error: &io::Error, shutdown: &CancellationToken) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    warn!(error = %error, "can't accept connections");
    let _ = tokio::time::timeout(BREATHER, shutdown.cancelled()).await;
}

async fn drain(door: &Door, connections: &TaskTracker, patience: Duration) {
    connections.close();
    let _ = tokio::time::timeout(LINGER.min(patience), connections.wait()).await;
    door.close_idle();
    let rest = patience.saturating_sub(LINGER);
    if tokio::time::timeout(rest, connections.wait()).await.is_err() {
        warn!(server.connections = connections.len(), "requests did not finish in time");
        door.abort();
        connections.wait().await;
    }
}
