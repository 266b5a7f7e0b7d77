//! What happens to connections when the shop stops, and to requests when their client does.

use galleria_service::settings::ServerSettings;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::token;
use crate::listener::{GET, PATIENCE, answer, quick, rest, started};

#[tokio::test]
async fn a_stop_lets_requests_in_flight_finish_and_closes_the_rest() {
    let server = started(ServerSettings { header_timeout_ms: 15_000, ..quick() }).await;
    let mut idle = server.connect().await;
    idle.write_all(GET).await.unwrap();
    answer(&mut idle).await;
    let mut busy = server.connect().await;
    busy.write_all(slow_write().as_bytes()).await.unwrap();
    server.client.shop.slow_write_began.notified().await;

    server.client.shutdown.cancel();

    assert_eq!(rest(&mut idle).await, "");
    assert!(TcpStream::connect(server.address).await.is_err(), "still listening");
    server.client.shop.slow_write_may_end.notify_one();
    let text = rest(&mut busy).await;
    assert!(text.starts_with("HTTP/1.1 201") && text.contains("connection: close"), "{text}");
    server.stopped().await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_who_never_asked() {
    let minute = 60_000;
    let settings = ServerSettings { header_timeout_ms: minute, drain_ms: minute, ..quick() };
    let server = started(settings).await;
    let mut silent = server.connect().await;
    let mut other = server.connect().await;
    other.write_all(GET).await.unwrap();
    answer(&mut other).await;

    server.client.shutdown.cancel();

    assert_eq!(rest(&mut silent).await, "");
    server.stopped().await;
}

#[tokio::test]
async fn a_connection_in_use_learns_from_its_answer_that_the_shop_stops() {
    let server = started(quick()).await;
    let mut busy = server.connect().await;
    busy.write_all(GET).await.unwrap();
    answer(&mut busy).await;

    server.client.shutdown.cancel();
    busy.write_all(GET).await.unwrap();

    let text = rest(&mut busy).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("connection: close"), "{text}");
    server.stopped().await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let server = started(ServerSettings { drain_ms: 500, ..quick() }).await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /api/products/hangs HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
    server.client.shop.slow_read_began.notified().await;

    server.client.shutdown.cancel();

    assert_eq!(rest(&mut busy).await, "");
    server.stopped().await;
}

fn slow_write() -> String {
    let body = r#"{"title":"slow","variants":[{"sku":"S","price":{"amount":1,"currency":"EUR"}}]}"#;
    format!(
        "POST /api/products HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        token("staff"),
        body.len()
    )
}

#[tokio::test]
async fn a_read_ends_with_its_client_and_a_write_does_not() {
    let server = started(quick()).await;
    let shop = server.client.shop.clone();
    let mut reader = server.connect().await;
    reader.write_all(b"GET /api/products/hangs HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
    shop.slow_read_began.notified().await;
    drop(reader);
    tokio::time::timeout(PATIENCE, shop.slow_read_dropped.notified()).await.unwrap();

    let mut writer = server.connect().await;
    writer.write_all(slow_write().as_bytes()).await.unwrap();
    shop.slow_write_began.notified().await;
    drop(writer);
    shop.slow_write_may_end.notify_one();

    assert!(server.client.gateway.writes_finished(PATIENCE).await);
    assert_eq!(shop.slow_writes_ended.load(std::sync::atomic::Ordering::SeqCst), 1);
}
