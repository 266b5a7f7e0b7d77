//! Processes that serve a shelf, and channels to them.

use std::sync::Arc;

use conformance::{Shelf, once};
use extract_http::{ChannelSettings, HttpChannel, ServeSettings, router};
use kernel::SystemClock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// As whom all processes of a test speak.
pub(crate) struct Desk(pub(crate) conformance::Desk);

impl Desk {
    pub(crate) fn open() -> Self {
        Self(conformance::Desk::open())
    }

    /// Serves a shelf, and says where.
    pub(crate) async fn serve(&self, served: Arc<dyn Shelf>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = url_of(&listener);
        self.serve_on(listener, served);
        url
    }

    pub(crate) fn serve_on(&self, listener: TcpListener, served: Arc<dyn Shelf>) {
        let router = router(Arc::new(self.0.serving(served, ServeSettings::default())));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    pub(crate) fn channel(&self, urls: &[String]) -> Arc<HttpChannel> {
        self.channel_with(urls, ChannelSettings::default())
    }

    pub(crate) fn channel_with(
        &self,
        urls: &[String],
        settings: ChannelSettings,
    ) -> Arc<HttpChannel> {
        let (keys, clock) = (Arc::clone(&self.0.keys), Arc::new(SystemClock));
        Arc::new(HttpChannel::new(urls, keys, clock, settings).unwrap())
    }

    /// A shelf of another process, called once.
    pub(crate) fn once(&self, urls: &[String]) -> Arc<dyn Shelf> {
        once(self.channel(urls))
    }
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
