//! Processes that serve a shelf, and channels to them.

use std::sync::Arc;
use std::time::Duration;

use extract_http::{ChannelSettings, HttpChannel, ServeSettings, Serving, router};
use extract_wire::{KeySettings, ServiceKeys};
use kernel::contract::{
    Channel, Contract as _, Peer, RetrySettings, Stack, StackSettings, Unattended,
};
use kernel::{CallError, Failure, SystemClock};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::shelf::Shelf;

/// As whom all processes of a test speak.
pub(crate) struct Desk {
    pub(crate) keys: Arc<ServiceKeys>,
    _directory: TempDir,
}

impl Desk {
    pub(crate) fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let keys = ServiceKeys::open(KeySettings::default(), directory.path()).unwrap();
        Self { keys: Arc::new(keys), _directory: directory }
    }

    /// Serves a shelf, and says where.
    pub(crate) async fn serve(&self, served: Arc<dyn Shelf>) -> String {
        self.serve_with(served, ServeSettings::default()).await
    }

    pub(crate) async fn serve_with(
        &self,
        served: Arc<dyn Shelf>,
        settings: ServeSettings,
    ) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = url_of(&listener);
        self.serve_on(listener, served, settings);
        url
    }

    pub(crate) fn serve_on(
        &self,
        listener: TcpListener,
        served: Arc<dyn Shelf>,
        settings: ServeSettings,
    ) {
        let dispatch = <dyn Shelf>::dispatcher(served, &Unattended::default());
        let serving = Serving::new(Arc::clone(&self.keys), Arc::new(SystemClock), settings);
        let router = router(Arc::new(serving.contract(dispatch)));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    pub(crate) fn channel(&self, urls: &[String]) -> HttpChannel {
        self.channel_with(urls, ChannelSettings::default())
    }

    pub(crate) fn channel_with(&self, urls: &[String], settings: ChannelSettings) -> HttpChannel {
        HttpChannel::new(urls, Arc::clone(&self.keys), Arc::new(SystemClock), settings).unwrap()
    }

    /// A shelf of another process, called once.
    pub(crate) fn once(&self, urls: &[String]) -> Arc<dyn Shelf> {
        once(self.channel(urls))
    }
}

/// A shelf behind a channel, called once.
pub(crate) fn once(channel: impl Channel) -> Arc<dyn Shelf> {
    let retry = RetrySettings { attempts: 1, ..RetrySettings::default() };
    <dyn Shelf>::remote(Peer::with(Arc::new(channel), retry))
}

pub(crate) fn layered(served: Arc<dyn Shelf>) -> Arc<dyn Shelf> {
    let settings = StackSettings::default();
    let stack = Stack::new(<dyn Shelf>::DESCRIPTOR, settings, &Unattended::default());
    <dyn Shelf>::layered(served, stack)
}

pub(crate) fn url_of(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().unwrap())
}

/// Where nobody listens yet. The port is taken for as long as this lives.
pub(crate) struct Nobody {
    socket: TcpSocket,
    pub(crate) url: String,
}

impl Nobody {
    pub(crate) fn take() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        Self { socket, url }
    }

    /// From now on somebody does.
    pub(crate) fn listen(self) -> TcpListener {
        self.socket.listen(16).unwrap()
    }
}

/// A callee that reads one message, answers with these bytes, and then closes the connection or holds it.
pub(crate) async fn scripted(answer: &'static str, then: Then) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = url_of(&listener);
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            read_message(&mut connection).await;
            connection.write_all(answer.as_bytes()).await.unwrap();
            if then == Then::Hold {
                std::future::pending::<()>().await;
            }
        }
    });
    url
}

/// What a scripted callee does after its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Close,
    Hold,
}

async fn read_message(connection: &mut TcpStream) {
    let (mut read, mut part) = (Vec::new(), [0; 4096]);
    // The messages of these tests end with an object.
    while !(read.windows(4).any(|end| end == b"\r\n\r\n") && read.ends_with(b"}")) {
        let count = connection.read(&mut part).await.unwrap();
        assert_ne!(count, 0, "the message was cut");
        read.extend_from_slice(&part[..count]);
    }
}

/// What a caller can tell of an outcome.
pub(crate) fn told<T: std::fmt::Debug, R: std::fmt::Debug>(
    outcome: &Result<T, CallError<R>>,
) -> String {
    match outcome {
        Ok(answer) => format!("{answer:?}"),
        Err(CallError::Refused(refusal)) => format!("{refusal:?}"),
        Err(CallError::Failed(failure)) => told_of(failure),
    }
}

pub(crate) fn told_of(failure: &Failure) -> String {
    let wait: Option<Duration> = failure.retry_after;
    format!("{:?} {:?} {wait:?}", failure.kind, failure.executed)
}
