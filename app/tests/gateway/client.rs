//! A client of the gateway, in process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use ed25519_dalek::SigningKey;
use galleria::gateway::{Gateway, Services, router};
use galleria_service::Operated;
use galleria_service::settings::{LimitSettings, ServerSettings};
use http_body_util::BodyExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::fake::{KEY_ID, Shop};
use crate::samples::USER;

const SEED: [u8; 32] = [7; 32];

pub(crate) fn public_key() -> [u8; 32] {
    SigningKey::from_bytes(&SEED).verifying_key().to_bytes()
}

/// A token with these claims, signed with the shop's key under a name.
pub(crate) fn signed(kid: &str, claims: &Value) -> String {
    let mut pkcs8 = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    pkcs8.extend(SEED);
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
    encode(&header, claims, &EncodingKey::from_ed_der(&pkcs8)).unwrap()
}

pub(crate) fn claims(role: &str) -> Value {
    json!({
        "sub": USER, "role": role, "iss": "galleria", "aud": "galleria",
        "iat": 1_700_000_000_u64, "exp": 4_000_000_000_u64,
    })
}

/// A good token, signed once a role.
pub(crate) fn token(role: &str) -> String {
    static SIGNED: LazyLock<HashMap<&str, String>> = LazyLock::new(|| {
        ["buyer", "staff", "admin"]
            .into_iter()
            .map(|role| (role, signed(KEY_ID, &claims(role))))
            .collect()
    });
    SIGNED[role].clone()
}

/// The gateway over the faked shop.
pub(crate) struct Client {
    pub(crate) shop: Arc<Shop>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) router: Router,
    pub(crate) shutdown: CancellationToken,
}

/// No limit but those that a test sets.
pub(crate) fn unlimited() -> LimitSettings {
    LimitSettings { requests_per_second: 0, sign_ins_per_minute: 0, ..LimitSettings::default() }
}

impl Client {
    pub(crate) fn new() -> Self {
        Self::with(ServerSettings::default(), &unlimited())
    }

    pub(crate) fn with(server: ServerSettings, limits: &LimitSettings) -> Self {
        let shop = Arc::new(Shop::default());
        let services = Services {
            users: shop.clone(),
            catalog: shop.clone(),
            inventory: shop.clone(),
            carts: shop.clone(),
            orders: shop.clone(),
            payments: shop.clone(),
            shipping: shop.clone(),
            operated: Operated::default(),
        };
        let shutdown = CancellationToken::new();
        let gateway = Gateway::new(services, server, limits, shutdown.clone());
        Self { shop, router: router(&gateway), gateway, shutdown }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status, headers: parts.headers, bytes: bytes.to_vec() }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(ask("GET", path).empty()).await
    }
}

/// A request that is being written.
pub(crate) struct Ask(axum::http::request::Builder);

pub(crate) fn ask(method: &str, path: &str) -> Ask {
    Ask(Request::builder().method(method).uri(path))
}

impl Ask {
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub(crate) fn role(self, role: &str) -> Self {
        self.header("authorization", &format!("Bearer {}", token(role)))
    }

    pub(crate) fn empty(self) -> Request<Body> {
        self.0.body(Body::empty()).unwrap()
    }

    pub(crate) fn bytes(self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Request<Body> {
        let request = self.0.header(header::CONTENT_TYPE, content_type);
        request.body(Body::from(bytes.into())).unwrap()
    }

    pub(crate) fn json(self, body: &Value) -> Request<Body> {
        self.bytes("application/json", body.to_string())
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("not JSON: {:?}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status and code, where it is a problem in every respect.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let json = self.json();
        assert_eq!(json["status"], self.status.as_u16());
        assert_eq!(json["request_id"].as_str(), self.header("x-request-id"));
        assert!(json["title"].is_string() && json["detail"].is_string());
        let code = json["code"].as_str().unwrap().to_owned();
        assert_eq!(json["type"], format!("urn:galleria:problem:{code}"));
        (self.status.as_u16(), code)
    }

    /// The field that a 422 names first.
    pub(crate) fn invalid_field(&self) -> String {
        assert_eq!(self.problem(), (422, "invalid-request".to_owned()), "{}", self.json());
        self.json()["errors"][0]["field"].as_str().unwrap().to_owned()
    }
}
