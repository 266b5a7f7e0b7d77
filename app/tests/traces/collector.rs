use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use prost::Message as _;
use tokio::net::TcpListener;

/// A collector that keeps what it is told.
pub(crate) struct Collector {
    pub(crate) address: SocketAddr,
    kept: Arc<Mutex<Vec<Span>>>,
}

/// A span, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) name: String,
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) kind: i32,
    pub(crate) status: i32,
    /// The instance that told it.
    pub(crate) instance: String,
    /// The modules of that.
    pub(crate) modules: String,
}

impl Collector {
    /// Listens from now on.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, kept) = (listener.local_addr().unwrap(), Arc::default());
        let router = Router::new().route("/v1/traces", post(keep)).with_state(Arc::clone(&kept));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, kept }
    }

    /// What it was told of a trace.
    pub(crate) fn of(&self, trace: &str) -> Vec<Span> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|span| span.trace == trace).cloned().collect()
    }

    /// All that it was told.
    pub(crate) fn all(&self) -> Vec<Span> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn keep(
    State(kept): State<Arc<Mutex<Vec<Span>>>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    for told in ExportTraceServiceRequest::decode(body).unwrap().resource_spans {
        let resource = told.resource.unwrap().attributes;
        assert_eq!(value(&resource, "service.name"), "galleria");
        let spans = told.scope_spans.into_iter().flat_map(|scope| scope.spans);
        kept.lock().unwrap_or_else(PoisonError::into_inner).extend(spans.map(|span| Span {
            name: span.name,
            trace: hex(&span.trace_id),
            id: hex(&span.span_id),
            parent: hex(&span.parent_span_id),
            kind: span.kind,
            status: span.status.map_or(0, |status| status.code),
            instance: value(&resource, "service.instance.id"),
            modules: value(&resource, "galleria.modules"),
        }));
    }
    StatusCode::OK
}

fn value(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    text(found.and_then(|attribute| attribute.value.as_ref()).unwrap())
}

fn text(value: &AnyValue) -> String {
    match value.value.as_ref().unwrap() {
        any_value::Value::StringValue(text) => text.clone(),
        any_value::Value::ArrayValue(list) => {
            list.values.iter().map(text).collect::<Vec<_>>().join(",")
        }
        other => format!("{other:?}"),
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
