use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(5);
const LARGEST: u64 = 64 * 1024;

/// Why a process is not taken for ready.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// Nobody answers.
    #[error("nobody answers at {0}")]
    Silent(SocketAddr, #[source] io::Error),
    /// It says that it is not.
    #[error("{0}")]
    Says(String),
}

/// Asks the process behind an internal listener whether it is ready, for health checks where there is no other client.
pub async fn probe(address: SocketAddr) -> Result<(), NotReady> {
    let address = SocketAddr::new(reachable(address.ip()), address.port());
    let asked = tokio::time::timeout(PATIENCE, ask(address)).await;
    let timed_out = || io::Error::from(io::ErrorKind::TimedOut);
    let answer = asked.unwrap_or_else(|_| Err(timed_out()));
    let answer = answer.map_err(|error| NotReady::Silent(address, error))?;
    if answer.starts_with("HTTP/1.1 200 ") {
        return Ok(());
    }
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Err(NotReady::Says(body.to_owned()))
}

async fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LARGEST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Where a process on this machine is reached that listens on all its addresses.
fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    }
}
