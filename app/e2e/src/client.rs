use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method, Request};
use serde_json::Value;

use crate::{Address, Answer, Http, Outcome};

/// Somebody who uses the API: nobody known, a guest with an order's token, or a signed-in user.
#[derive(Clone)]
pub struct Client {
    http: Http,
    bearer: Option<String>,
    order_token: Option<String>,
}

/// A request that is being put together.
#[must_use]
pub struct Ask<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Client {
    /// Somebody nobody knows.
    pub fn of(address: &Address) -> Self {
        Self { http: Http::of(address), bearer: None, order_token: None }
    }

    /// The same connections, used by whom the access token names.
    #[must_use]
    pub fn bearing(&self, access_token: &str) -> Self {
        let bearer = Some(access_token.to_owned());
        Self { http: self.http.clone(), bearer, order_token: None }
    }

    /// The same connections, used by a guest who shows an order's token.
    #[must_use]
    pub fn showing(&self, order_token: &str) -> Self {
        let order_token = Some(order_token.to_owned());
        Self { http: self.http.clone(), bearer: None, order_token }
    }

    /// Begins a request.
    pub fn ask(&self, method: Method, path: impl Into<String>) -> Ask<'_> {
        Ask { client: self, method, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// Reads.
    pub async fn get(&self, path: impl Into<String>) -> Outcome<Answer> {
        self.ask(Method::GET, path).send().await
    }

    /// Posts JSON.
    pub async fn post(&self, path: impl Into<String>, body: &Value) -> Outcome<Answer> {
        self.ask(Method::POST, path).json(body).send().await
    }

    /// Puts JSON.
    pub async fn put(&self, path: impl Into<String>, body: &Value) -> Outcome<Answer> {
        self.ask(Method::PUT, path).json(body).send().await
    }

    /// Patches with JSON.
    pub async fn patch(&self, path: impl Into<String>, body: &Value) -> Outcome<Answer> {
        self.ask(Method::PATCH, path).json(body).send().await
    }

    /// Deletes.
    pub async fn delete(&self, path: impl Into<String>) -> Outcome<Answer> {
        self.ask(Method::DELETE, path).send().await
    }
}

impl Ask<'_> {
    /// With an idempotency key.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With a body of another type.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Outcome<Answer> {
        let mut request = Request::builder().method(self.method).uri(self.path.as_str());
        request = request.header("host", "shop.example");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(token) = &self.client.bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(token) = &self.client.order_token {
            request = request.header("x-order-token", token);
        }
        self.client.http.send(request.body(Full::new(self.body))?).await
    }
}
