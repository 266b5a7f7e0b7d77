use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::OnceCell;

static SERVER: OnceCell<Option<Found>> = OnceCell::const_new();

/// A broker that tests share, and a name that nobody else uses on it.
#[derive(Debug, Clone)]
pub struct TestNats {
    /// Where it is.
    pub url: String,
    /// What the test's subjects, streams and queue groups begin with.
    pub prefix: String,
}

/// A broker of a test's own, with `JetStream`, that the test may stop and start. It ends with the test.
#[derive(Debug)]
pub struct OwnNats {
    /// Where it is; a restart changes nothing.
    pub url: String,
    program: &'static str,
    /// Bound and never listened at, so that the port stays ours while the server is down.
    port: TcpSocket,
    store: TempDir,
    running: Option<Child>,
}

/// The server that tests share, kept for as long as the process lives if it is ours.
struct Found {
    url: String,
    _own: Option<OwnNats>,
}

/// Finds a broker with `JetStream`: `TEST_NATS_URL`, one that runs on this machine, the installed binary on a free port, or a
/// container where Docker runs.
///
/// Where none is found it says so and gives `None`; with `GALLERIA_REQUIRE_SERVICES` set it panics instead.
pub async fn nats() -> Option<TestNats> {
    let Some(found) = SERVER.get_or_init(find).await else { return skipped() };
    let id = kernel::EventId::random().to_string().replace('-', "");
    Some(TestNats { url: found.url.clone(), prefix: format!("galleria_test_{id}") })
}

/// Starts the installed server on a free port, for a test that stops it or breaks it.
///
/// Where it is not installed it says so and gives `None`; with `GALLERIA_REQUIRE_SERVICES` set it panics instead.
pub async fn own_nats() -> Option<OwnNats> {
    match OwnNats::start_installed().await {
        Some(own) => Some(own),
        None => skipped(),
    }
}

impl OwnNats {
    async fn start_installed() -> Option<Self> {
        let mut own = Self::prepare()?;
        own.start().await;
        Some(own)
    }

    fn prepare() -> Option<Self> {
        let program = installed()?;
        let port = TcpSocket::new_v4().ok()?;
        port.set_reuseaddr(true).ok()?;
        port.bind(([127, 0, 0, 1], 0).into()).ok()?;
        let url = format!("nats://{}", port.local_addr().ok()?);
        Some(Self { url, program, port, store: tempfile::tempdir().ok()?, running: None })
    }

    /// Starts it, on the same port and with what its store holds, and waits until it answers.
    pub async fn start(&mut self) {
        assert!(self.running.is_none(), "it runs already");
        let port = self.port.local_addr().unwrap().port().to_string();
        // The shell's input is a pipe that this process alone holds, so that it ends with the process, however that ends.
        let script = r#""$@" & server=$!; read -r kept; kill -9 $server; wait $server; [ "$kept" ] || rm -rf "$0""#;
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(self.store.path()).arg(self.program);
        shell.args(["-a", "127.0.0.1", "-p", &port, "-js", "-sd"]).arg(self.store.path());
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running = Some(shell.spawn().unwrap());
        answers(&self.url).await;
    }

    /// Kills it, as a crash would. What its store holds stays.
    pub fn stop(&mut self) {
        let mut running = self.running.take().expect("a server that runs");
        running.stdin.take().unwrap().write_all(b"kept\n").unwrap();
        running.wait().unwrap();
    }

    /// Forgets all that it stored, while it is stopped.
    pub fn wipe(&self) {
        assert!(self.running.is_none(), "it still runs");
        std::fs::remove_dir_all(self.store.path()).unwrap();
        std::fs::create_dir(self.store.path()).unwrap();
    }
}

impl Drop for OwnNats {
    /// The server must be gone before its store is.
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            drop(running.stdin.take());
            let _ended = running.wait();
        }
    }
}

async fn find() -> Option<Found> {
    if let Ok(url) = std::env::var("TEST_NATS_URL") {
        assert!(has_jetstream(&url).await, "TEST_NATS_URL: no server with JetStream answers");
        return Some(Found { url, _own: None });
    }
    let url = "nats://127.0.0.1:4222".to_owned();
    if has_jetstream(&url).await {
        return Some(Found { url, _own: None });
    }
    if let Some(own) = OwnNats::start_installed().await {
        return Some(Found { url: own.url.clone(), _own: Some(own) });
    }
    let url = crate::containers::nats().await?;
    answers(&url).await;
    Some(Found { url, _own: None })
}

/// Waits until a server that was started answers. Not by `until`, whose future can't be sent to another thread.
async fn answers(url: &str) {
    let begun = Instant::now();
    while !has_jetstream(url).await {
        assert!(begun.elapsed() < Duration::from_mins(1), "the NATS server does not answer");
        platform::jobs::pause(Duration::from_millis(5)).await;
    }
}

fn skipped<T>() -> Option<T> {
    assert!(
        std::env::var_os("GALLERIA_REQUIRE_SERVICES").is_none(),
        "no NATS server with JetStream was found"
    );
    eprintln!(
        "skipped on NATS: no server was found; set TEST_NATS_URL, install nats-server, or run Docker"
    );
    None
}

/// A distribution may install it where only root looks.
fn installed() -> Option<&'static str> {
    ["nats-server", "/usr/sbin/nats-server", "/usr/local/bin/nats-server"].into_iter().find(
        |name| {
            let mut asked = Command::new(name);
            let asked = asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
            asked.status().is_ok_and(|status| status.success())
        },
    )
}

/// A server says what it can do as soon as it is connected to.
async fn has_jetstream(url: &str) -> bool {
    let asked = async {
        let address = url.rsplit(['/', '@']).next()?;
        let mut lines = BufReader::new(TcpStream::connect(address).await.ok()?).lines();
        lines.next_line().await.ok()?
    };
    let said = tokio::time::timeout(Duration::from_secs(5), asked).await;
    said.is_ok_and(|info| info.is_some_and(|info| info.contains(r#""jetstream":true"#)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_broker_of_ones_own_can_be_stopped_wiped_and_started_where_it_was() {
        let Some(mut own) = own_nats().await else { return };
        let url = own.url.clone();

        own.stop();
        assert!(!has_jetstream(&url).await);
        own.wipe();
        own.start().await;

        assert_eq!(own.url, url);
        assert!(has_jetstream(&url).await);
        drop(own);
        assert!(!has_jetstream(&url).await);
    }

    #[tokio::test]
    async fn tests_share_a_broker_under_names_of_their_own() {
        let (Some(one), Some(other)) = (nats().await, nats().await) else { return };

        assert_eq!(one.url, other.url);
        assert_ne!(one.prefix, other.prefix);
    }
}
