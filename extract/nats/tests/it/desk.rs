//! Processes that serve a shelf over a broker, and channels to them.

use std::sync::Arc;

use async_nats::Client;
use conformance::{FakeShelf, SEEN, Shelf, once};
use extract_nats::{
    ChannelSettings, Connection, NatsChannel, NatsSettings, Server, ServerSettings, connect,
};
use extract_wire::{ServeSettings, Serving};
use kernel::SystemClock;
use tokio::sync::Notify;

/// A broker, and as whom all processes of a test speak over it.
pub(crate) struct Desk {
    pub(crate) desk: conformance::Desk,
    pub(crate) settings: NatsSettings,
}

impl Desk {
    /// On the broker that tests share, under a name of its own.
    pub(crate) async fn open() -> Option<Self> {
        let nats = testkit::nats().await?;
        Some(Self::on(NatsSettings { prefix: nats.prefix, ..NatsSettings::at(nats.url) }))
    }

    pub(crate) fn on(settings: NatsSettings) -> Self {
        Self { desk: conformance::Desk::open(), settings }
    }

    /// A connection of another process.
    pub(crate) async fn connect(&self) -> Connection {
        let connection = connect(&self.settings).await.unwrap();
        testkit::until("connected", async || connection.is_up()).await;
        connection
    }

    /// A client that knows nothing of contracts.
    pub(crate) async fn client(&self) -> Client {
        self.connect().await.client().clone()
    }

    pub(crate) async fn serve(&self, served: Arc<dyn Shelf>) -> Server {
        let serving = self.desk.serving(served, ServeSettings::default());
        self.serve_with(serving, ServerSettings::default()).await
    }

    pub(crate) async fn serve_with(&self, serving: Serving, settings: ServerSettings) -> Server {
        let connection = self.connect().await;
        let server = Server::start(&connection, Arc::new(serving), settings).await.unwrap();
        server.ready().await;
        server
    }

    pub(crate) async fn channel(&self) -> Arc<NatsChannel> {
        self.channel_with(ChannelSettings::default()).await
    }

    pub(crate) async fn channel_with(&self, settings: ChannelSettings) -> Arc<NatsChannel> {
        channel_over(&self.connect().await, &self.desk, settings).await
    }

    /// A shelf of another process, called once.
    pub(crate) async fn once(&self) -> Arc<dyn Shelf> {
        once(self.channel().await)
    }
}

pub(crate) async fn channel_over(
    connection: &Connection,
    desk: &conformance::Desk,
    settings: ChannelSettings,
) -> Arc<NatsChannel> {
    let (keys, clock) = (Arc::clone(&desk.keys), Arc::new(SystemClock));
    Arc::new(NatsChannel::new(connection, keys, clock, settings).await.unwrap())
}

/// A shelf to which things are added in two steps.
pub(crate) struct Held {
    pub(crate) shelf: Arc<FakeShelf>,
    pub(crate) began: Arc<Notify>,
    pub(crate) may_end: Arc<Notify>,
}

impl Held {
    pub(crate) fn new() -> Self {
        let (shelf, began, may_end) =
            (Arc::new(FakeShelf::default()), Arc::default(), Arc::default());
        let steps: (Arc<Notify>, Arc<Notify>) = (Arc::clone(&began), Arc::clone(&may_end));
        shelf.add.answer(move |_, _| {
            let steps = steps.clone();
            async move {
                steps.0.notify_one();
                steps.1.notified().await;
                Ok(SEEN)
            }
        });
        Self { shelf, began, may_end }
    }
}
