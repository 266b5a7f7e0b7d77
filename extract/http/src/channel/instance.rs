use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use extract_wire::lost::unsent;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use kernel::Failure;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::ChannelSettings;

pub(super) type Connection = SendRequest<Full<Bytes>>;

/// A process that is called, with the connections that are kept to it.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) address: SocketAddr,
    /// As the header `host` has it.
    pub(super) authority: String,
    kept: Mutex<Vec<Kept>>,
    rests_until: Mutex<Option<Instant>>,
}

/// A connection that nobody uses now.
#[derive(Debug)]
struct Kept {
    connection: Connection,
    since: Instant,
}

/// A connection to be used, and where it is from.
pub(super) enum Taken {
    /// It was used before, and may be dead.
    Kept(Connection),
    /// It was made for this attempt.
    New(Connection),
}

impl Instance {
    pub(super) fn new(address: SocketAddr, authority: String) -> Self {
        let (kept, rests_until) = (Mutex::default(), Mutex::default());
        Self { address, authority, kept, rests_until }
    }

    /// Whether it refused a connection lately.
    pub(super) fn rests(&self) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// A connection that is free, or a new one.
    pub(super) async fn connection(&self, settings: &ChannelSettings) -> Result<Taken, Failure> {
        match self.free(settings.idle) {
            Some(connection) => Ok(Taken::Kept(connection)),
            None => self.connect(settings).await.map(Taken::New),
        }
    }

    /// Keeps a connection whose answer was read, as soon as it can take another message.
    pub(super) fn keep(self: &Arc<Self>, mut connection: Connection, most: usize) {
        if connection.is_ready() {
            return self.put(connection, most);
        }
        if !connection.is_closed() {
            let this = Arc::clone(self);
            tokio::spawn(async move {
                if connection.ready().await.is_ok() {
                    this.put(connection, most);
                }
            });
        }
    }

    fn put(&self, connection: Connection, most: usize) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < most {
            kept.push(Kept { connection, since: Instant::now() });
        }
    }

    /// The one that was used last, which is the least likely to be dead. What idled for too long goes: its callee may close
    /// it while a message is on its way, and nobody would know whether that was executed.
    fn free(&self, idle: Duration) -> Option<Connection> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(Kept { connection, since }) = kept.pop() {
            if connection.is_ready() && since.elapsed() < idle {
                return Some(connection);
            }
        }
        None
    }

    async fn connect(&self, settings: &ChannelSettings) -> Result<Connection, Failure> {
        let connecting = TcpStream::connect(self.address);
        let connected = match tokio::time::timeout(settings.connect, connecting).await {
            Ok(connected) => connected.map_err(unsent),
            Err(elapsed) => Err(unsent(elapsed)),
        };
        let until = connected.is_err().then(|| Instant::now() + settings.rest);
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
        let stream = connected?;
        stream.set_nodelay(true).map_err(unsent)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unsent)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %error, "a connection to another process ended early");
            }
        });
        Ok(sender)
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_connection_that_idled_for_long_is_not_used_again() {
        let settings = ChannelSettings::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let instance = Instance::new(address, address.to_string());
        let mut connection = instance.connect(&settings).await.unwrap();
        connection.ready().await.unwrap();
        tokio::time::pause();

        instance.put(connection, settings.kept);
        tokio::time::advance(settings.idle / 2).await;
        let soon = instance.free(settings.idle).unwrap();
        instance.put(soon, settings.kept);
        tokio::time::advance(settings.idle).await;

        assert!(instance.free(settings.idle).is_none());
    }
}
