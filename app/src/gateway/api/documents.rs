use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::gateway::{Operation, Table, openapi};

const PAGE: &str = include_str!("docs.html");

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/openapi.json", "getOpenApi", "This document")
            .public()
            .answers_as("application/json", "OpenAPI 3.1."),
        document,
    );
    table.add(
        Operation::get("/api/docs", "getDocs", "This document, to be read in a browser")
            .public()
            .answers_as("text/html", "A page that needs nothing from elsewhere."),
        page,
    );
}

async fn document() -> Response {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let json = DOCUMENT.get_or_init(|| openapi().to_json().unwrap_or_default().into());
    ([(header::CONTENT_TYPE, "application/json")], json.clone()).into_response()
}

async fn page() -> Response {
    static POLICY: OnceLock<String> = OnceLock::new();
    let policy = POLICY.get_or_init(policy).as_str();
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, PAGE).into_response()
}

/// Lets the page run its own script and style, and talk to this server; nothing else.
fn policy() -> String {
    let hash = |tag: &str| {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let inner = PAGE.split_once(&open).and_then(|(_, rest)| rest.split_once(&close));
        let inner = inner.map_or("", |(inner, _)| inner);
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inner)))
    };
    format!(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash("script"),
        hash("style")
    )
}
