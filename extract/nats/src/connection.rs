use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use tokio::sync::watch;

/// A dead connection is noticed after three of these at the latest.
const PING: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How the broker is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsSettings {
    /// Such as `nats://host:4222` or `tls://host:4222`. Several are the servers of one cluster.
    pub urls: Vec<String>,
    /// The credentials file, where the broker asks for one.
    pub credentials: Option<PathBuf>,
    /// What all subjects begin with. Two shops on one broker need two.
    pub prefix: String,
}

/// Why there is no connection. A broker that does not answer is no reason: it is waited for.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No broker can be at this address.
    #[error("setting nats.url: {url:?} is not nats://host:port")]
    Url {
        /// As it was given; empty if none was.
        url: String,
    },
    /// Subjects can't begin so.
    #[error("setting nats.prefix: {prefix:?} is not one word of letters, digits, - and _")]
    Prefix {
        /// As it was given.
        prefix: String,
    },
    /// The credentials can't be read.
    #[error("setting nats.credentials: can't use {}", path.display())]
    Credentials {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The client refuses the options.
    #[error("can't connect to NATS")]
    Refused(#[from] async_nats::ConnectError),
    /// The connection was closed for good.
    #[error("the connection to NATS is closed")]
    Closed(#[from] async_nats::SubscribeError),
}

/// The process's one way to the broker, which comes back by itself. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Connection {
    client: Client,
    prefix: Arc<str>,
    lost: watch::Receiver<u64>,
}

impl NatsSettings {
    /// The broker at a url, without credentials.
    pub fn at(url: impl Into<String>) -> Self {
        Self { urls: vec![url.into()], credentials: None, prefix: "galleria".to_owned() }
    }
}

/// Begins to connect, and goes on trying for as long as the process lives: a broker that is down fails nothing here.
pub async fn connect(settings: &NatsSettings) -> Result<Connection, ConnectError> {
    let urls = settings.urls.iter().map(|url| parse(url)).collect::<Result<Vec<_>, _>>()?;
    if urls.is_empty() {
        return Err(ConnectError::Url { url: String::new() });
    }
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if settings.prefix.is_empty() || !settings.prefix.bytes().all(is_word) {
        return Err(ConnectError::Prefix { prefix: settings.prefix.clone() });
    }
    let (tell, lost) = watch::channel(0);
    let mut options = ConnectOptions::new()
        .name(&settings.prefix)
        .retry_on_initial_connect()
        .connection_timeout(Duration::from_secs(2))
        .ping_interval(PING)
        .reconnect_delay_callback(pause_before)
        .event_callback(move |event| {
            note(&event, &tell);
            std::future::ready(())
        });
    if let Some(path) = &settings.credentials {
        let unusable = |source| ConnectError::Credentials { path: path.clone(), source };
        options = options.credentials_file(path).await.map_err(unusable)?;
    }
    let client = options.connect(urls).await?;
    Ok(Connection { client, prefix: settings.prefix.as_str().into(), lost })
}

impl Connection {
    /// The client, for whatever goes over the same connection.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What all subjects begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether the broker answers, as far as is known.
    pub fn is_up(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Counts how often the connection was lost. Changed as soon as it is lost once more: earlier losses are seen.
    pub fn losses(&self) -> watch::Receiver<u64> {
        let mut lost = self.lost.clone();
        lost.mark_unchanged();
        lost
    }
}

fn parse(url: &str) -> Result<ServerAddr, ConnectError> {
    let parsed = url.parse::<ServerAddr>().ok();
    let known = parsed.filter(|address| matches!(address.scheme(), "nats" | "tls"));
    known.ok_or_else(|| ConnectError::Url { url: url.to_owned() })
}

fn pause_before(attempt: usize) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX).min(10);
    if doublings == 0 {
        return Duration::ZERO;
    }
    Duration::from_millis(5).saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

fn note(event: &Event, lost: &watch::Sender<u64>) {
    match event {
        Event::Disconnected | Event::Closed => {
            lost.send_modify(|count| *count += 1);
            tracing::warn!("the connection to NATS was lost");
        }
        Event::Connected => tracing::info!("connected to NATS"),
        // One for each attempt to connect, as long as nobody answers.
        Event::ClientError(error) => tracing::debug!("NATS: {error}"),
        other => tracing::warn!("NATS: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn settings_that_can_not_work_are_named() {
        let good = NatsSettings::at("nats://127.0.0.1:1");
        let wrong = [
            (NatsSettings { urls: vec![], ..good.clone() }, "nats.url"),
            (NatsSettings::at("http://127.0.0.1:1"), "nats.url"),
            (NatsSettings { prefix: "two.words".to_owned(), ..good.clone() }, "nats.prefix"),
            (NatsSettings { prefix: String::new(), ..good.clone() }, "nats.prefix"),
            (
                NatsSettings { credentials: Some("/nowhere/creds".into()), ..good.clone() },
                "nats.credentials",
            ),
        ];

        for (settings, named) in wrong {
            let error = connect(&settings).await.unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
        }
        assert!(!connect(&good).await.unwrap().is_up());
    }

    #[tokio::test]
    async fn only_a_loss_from_now_on_is_noticed() {
        let (tell, lost) = watch::channel(0);
        let connected = connect(&NatsSettings::at("nats://127.0.0.1:1")).await.unwrap();
        let connection = Connection { lost, ..connected };
        note(&Event::Disconnected, &tell);

        let mut losses = connection.losses();

        assert!(losses.changed().now_or_never().is_none());
        note(&Event::Disconnected, &tell);
        assert!(losses.changed().now_or_never().is_some());
        assert_eq!(*losses.borrow(), 2);
    }

    #[test]
    fn pauses_grow_to_a_second() {
        assert_eq!(pause_before(1), Duration::ZERO);
        assert_eq!(pause_before(2), Duration::from_millis(10));
        assert_eq!(pause_before(usize::MAX), LONGEST_PAUSE);
    }
}
