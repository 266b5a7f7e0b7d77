use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use serde_json::json;

use crate::client::{Client, ask};

#[tokio::test]
async fn a_file_goes_in_part_by_part_and_the_reports_add_up() {
    let client = Client::new();
    let records = (0..20_000).map(|product| format!("p{product},{}\r\n", "x".repeat(60)));
    let file = format!("\u{feff}Handle,Body\r\n{}", records.collect::<String>());
    let chunks: Vec<_> = file
        .as_bytes()
        .chunks(10_000)
        .map(|c| Ok::<_, std::io::Error>(Bytes::copy_from_slice(c)))
        .collect();
    let request =
        ask("POST", "/api/products/import").role("staff").header("content-type", "text/csv");
    let (parts, _) = request.empty().into_parts();

    let body = Body::from_stream(stream::iter(chunks));
    let reply = client.send(axum::http::Request::from_parts(parts, body)).await;

    let imported = client.shop.imported.lock().unwrap();
    assert!(imported.len() > 3, "{}", imported.len());
    let report = json!({
        "products": imported.len(), "variants": 20_000, "stock": 0, "skipped": 0, "errors": [],
    });
    assert_eq!(reply.json(), report);
    assert!(imported.iter().all(|part| part.header == "Handle,Body"));
    assert_eq!(imported[0].first_line, 2);
}

#[tokio::test]
async fn a_line_that_is_no_text_is_reported_and_the_rest_goes_in() {
    let client = Client::new();
    let request = ask("POST", "/api/products/import").role("staff");

    let reply =
        client.send(request.bytes("text/csv; charset=utf-8", &b"Handle\na\n\xff\nb\n"[..])).await;

    let error = json!({ "line": 3, "column": "", "message": "not UTF-8" });
    assert_eq!(reply.json()["errors"], json!([error]));
    assert_eq!(reply.json()["skipped"], 1);
    assert_eq!(reply.json()["variants"], 2);
}

#[tokio::test]
async fn what_is_no_product_csv_is_refused() {
    let client = Client::new();
    let import = || ask("POST", "/api/products/import").role("staff");

    let json = client.send(import().json(&json!({}))).await;
    assert_eq!(json.problem(), (415, "unsupported-media-type".to_owned()));
    let other = client.send(import().bytes("text/csv", "Name\nx\n")).await;
    assert_eq!(other.problem(), (422, "missing-column".to_owned()));
    assert_eq!(other.json()["column"], "Handle");
    for file in ["", "\n", "\u{feff}"] {
        let reply = client.send(import().bytes("text/csv", file)).await;
        assert_eq!(reply.invalid_field(), "header", "{file:?}");
    }
}
