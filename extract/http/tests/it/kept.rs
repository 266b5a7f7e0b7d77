use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use bytes::Bytes;
use conformance::{Patience, Reached, Shown, Way};
use extract_http::{ChannelSettings, HttpChannel, router};
use extract_wire::{ServiceKeys, Serving};
use http_body_util::BodyExt as _;
use kernel::contract::{Channel, Problem};
use kernel::{SystemClock, async_trait};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::desk::url_of;

/// Over a loopback connection.
struct OverHttp;

struct Process {
    channel: Arc<dyn Channel>,
    router: Router,
}

#[async_trait(?Send)]
impl Way for OverHttp {
    async fn open() -> Option<Self> {
        Some(Self)
    }

    async fn reach(
        &self,
        serving: Serving,
        keys: Arc<ServiceKeys>,
        patience: Patience,
    ) -> Box<dyn Reached> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (url, router) = (url_of(&listener), router(Arc::new(serving)));
        let served = router.clone();
        tokio::spawn(async move { axum::serve(listener, served).await });
        let Patience { silence, largest_answer } = patience;
        let settings = ChannelSettings { silence, largest_answer, ..ChannelSettings::default() };
        let channel = HttpChannel::new(&[url], keys, Arc::new(SystemClock), settings).unwrap();
        Box::new(Process { channel: Arc::new(channel), router })
    }
}

#[async_trait(?Send)]
impl Reached for Process {
    fn channel(&self) -> Arc<dyn Channel> {
        Arc::clone(&self.channel)
    }

    async fn show(&self, shown: Shown<'_>) -> Result<Bytes, Box<Problem>> {
        let (address, method) = shown.target;
        let mut request = Request::post(format!("/rpc/{address}/{method}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", shown.token))
            .body(Body::from(shown.body))
            .unwrap();
        shown.head.write(request.headers_mut()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        if status == StatusCode::OK {
            return Ok(body);
        }
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.status, status.as_u16());
        Err(Box::new(problem))
    }
}

conformance::sentences!(super::OverHttp);
