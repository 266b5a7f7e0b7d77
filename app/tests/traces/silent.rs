use std::net::SocketAddr;
use std::time::{Duration, Instant};

use e2e::{Launcher as _, Monolith, Opening, Stage};
use tokio::net::TcpListener;

use crate::{binaries, telling};

/// A collector that takes every connection and never answers.
async fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut taken = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            taken.push(connection);
        }
    });
    address
}

/// Asks the shop so often, and tells how long that and its end took.
async fn asked(opening: &Opening) -> (Duration, Duration) {
    let shop = Monolith::on_sqlite(binaries()).unwrap();
    let stage = Stage::open(&shop, opening).await.unwrap();
    let began = Instant::now();
    for _ in 0..200 {
        stage.anyone.get("/api/products").await.unwrap().expect_status(200).unwrap();
    }
    (began.elapsed(), shop.stop().await.unwrap())
}

#[tokio::test]
async fn a_collector_that_never_answers_holds_up_neither_requests_nor_the_end() {
    let opening = telling(silent().await);

    let (requests, end) = asked(&opening).await;

    // One request that waited for the collector would take the three seconds that it has for a batch.
    assert!(requests < Duration::from_secs(30), "200 requests took {requests:?}");
    assert!(end < Duration::from_secs(6), "the end took {end:?}");
}

#[tokio::test]
async fn a_collector_that_is_not_there_is_told_of_once() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let shop = Monolith::on_sqlite(binaries()).unwrap();
    let stage = Stage::open(&shop, &telling(nobody)).await.unwrap();
    let lost = async || {
        let metrics = e2e::Client::of(shop.internal()).get("/metrics").await?;
        let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
        Ok(metrics.contains("galleria_spans_total{outcome=\"lost\"}").then_some(()))
    };

    for _ in 0..3 {
        stage.anyone.get("/api/products").await.unwrap().expect_status(200).unwrap();
    }

    e2e::eventually(Duration::from_secs(20), "spans are counted as lost", lost).await.unwrap();
    shop.stop().await.unwrap();
}
