//! The listener, over real connections.

use std::net::SocketAddr;
use std::time::Duration;

use galleria_service::edge::serve;
use galleria_service::settings::ServerSettings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::client::{Client, token, unlimited};

/// Longer than anything here should take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) client: Client,
    pub(crate) address: SocketAddr,
    served: JoinHandle<std::io::Result<()>>,
}

pub(crate) async fn started(settings: ServerSettings) -> Server {
    let client = Client::with(settings.clone(), &unlimited());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (router, shutdown) = (client.router.clone(), client.shutdown.clone());
    let served = tokio::spawn(async move { serve(listener, router, &settings, shutdown).await });
    Server { client, address, served }
}

pub(crate) fn quick() -> ServerSettings {
    ServerSettings {
        header_timeout_ms: 300,
        body_timeout_ms: 300,
        drain_ms: 3_000,
        ..ServerSettings::default()
    }
}

impl Server {
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn says(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        rest(&mut stream).await
    }

    pub(crate) async fn stopped(self) {
        tokio::time::timeout(PATIENCE, self.served).await.unwrap().unwrap().unwrap();
    }
}

/// All that comes until the server closes; a reset is an end as well.
pub(crate) async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = async {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            bytes.extend_from_slice(&buffer[..count]);
        }
    };
    tokio::time::timeout(PATIENCE, read).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer of a connection that stays open: its head and body.
pub(crate) async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let count =
            tokio::time::timeout(PATIENCE, stream.read(&mut buffer)).await.unwrap().unwrap();
        assert!(count > 0, "closed after {text:?}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
            return text;
        }
    }
}

pub(crate) const GET: &[u8] = b"GET /api/products HTTP/1.1\r\nHost: shop\r\n\r\n";

#[tokio::test]
async fn clients_that_dawdle_are_cut_off() {
    let server = started(quick()).await;

    for begun in [&b""[..], b"GET /api/pro", b"GET /api/products HTTP/1.1\r\nHost: shop\r\nX-A: "] {
        let text = server.says(begun).await;
        assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{text}");
    }
    let mut idle = server.connect().await;
    idle.write_all(GET).await.unwrap();
    assert!(answer(&mut idle).await.starts_with("HTTP/1.1 200"));
    assert_eq!(rest(&mut idle).await, "", "an idle connection is closed");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let server = started(quick()).await;
    let head = "POST /api/carts HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n";

    let stalled = server.says(format!("{head}Content-Length: 20\r\n\r\n{{").as_bytes()).await;
    assert!(stalled.starts_with("HTTP/1.1 408"), "{stalled}");
    assert!(
        stalled.contains("request-timeout") && stalled.contains("connection: close"),
        "{stalled}"
    );
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n");
    assert!(server.says(chunked.as_bytes()).await.starts_with("HTTP/1.1 408"));
    let broken = format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{{\r\n");
    assert!(server.says(broken.as_bytes()).await.starts_with("HTTP/1.1 400"));
    let import = format!(
        "POST /api/products/import HTTP/1.1\r\nHost: shop\r\nContent-Type: text/csv\r\n\
         Authorization: Bearer {}\r\nContent-Length: 900\r\n\r\nHandle\n",
        token("staff")
    );
    assert!(server.says(import.as_bytes()).await.starts_with("HTTP/1.1 408"));
}

#[tokio::test]
async fn who_still_sends_hears_why_it_is_not_wanted() {
    let server = started(quick()).await;
    let size = 6 * 1024 * 1024;
    let head = |authorization: &str| {
        format!(
            "POST /api/products HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n\
             Content-Length: {size}\r\n{authorization}\r\n"
        )
    };
    let staff = format!("Authorization: Bearer {}\r\n", token("staff"));

    for (authorization, status) in [("", "401"), (staff.as_str(), "413")] {
        let mut stream = server.connect().await;
        stream.write_all(head(authorization).as_bytes()).await.unwrap();
        stream.write_all(&vec![b' '; size]).await.unwrap();
        assert!(answer(&mut stream).await.starts_with(&format!("HTTP/1.1 {status}")));
        stream.write_all(GET).await.unwrap();
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"), "the connection goes on");
    }
}

#[tokio::test]
async fn headers_too_many_or_too_long_are_refused() {
    let server = started(quick()).await;

    let many = "X-A: b\r\n".repeat(200);
    let text = server.says(format!("GET / HTTP/1.1\r\nHost: shop\r\n{many}\r\n").as_bytes()).await;
    assert!(text.starts_with("HTTP/1.1 431"), "{text}");
    let long = "a".repeat(100_000);
    let text = server
        .says(format!("GET / HTTP/1.1\r\nHost: shop\r\nX-A: {long}\r\n\r\n").as_bytes())
        .await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 431"), "{text}");
}

#[tokio::test]
async fn what_another_server_might_read_differently_is_refused() {
    let server = started(quick()).await;

    for headers in [
        "",
        "Host: a\r\nHost: b\r\n",
        "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n",
        "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ] {
        let request = format!("POST /api/carts HTTP/1.1\r\n{headers}\r\n0\r\n\r\n");
        let text = server.says(request.as_bytes()).await;
        assert!(text.starts_with("HTTP/1.1 400"), "{headers}: {text}");
    }
}

#[tokio::test]
async fn there_are_so_many_connections_and_no_more() {
    let server = started(ServerSettings { max_connections: 1, ..quick() }).await;
    let mut first = server.connect().await;
    first.write_all(GET).await.unwrap();
    answer(&mut first).await;

    let text = server.says(GET).await;

    assert!(text.starts_with("HTTP/1.1 503"), "{text}");
    assert!(text.contains("retry-after: 1") && text.contains("\"code\":\"overloaded\""), "{text}");
}

#[tokio::test]
async fn who_reads_nothing_of_the_answer_is_cut_off() {
    let server = started(ServerSettings { write_timeout_ms: 300, ..quick() }).await;
    let mut stream = server.connect().await;
    // So many answers that no buffer between us holds them.
    let many = b"GET /api/openapi.json HTTP/1.1\r\nHost: shop\r\n\r\n".repeat(400);
    let written = tokio::time::timeout(PATIENCE, stream.write_all(&many)).await.unwrap();

    let gone = async {
        while stream.write_all(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    if written.is_ok() {
        tokio::time::timeout(PATIENCE, gone).await.unwrap();
    }
}
