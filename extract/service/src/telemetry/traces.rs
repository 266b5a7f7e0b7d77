use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Metadata;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::{Layer, Registry};

use super::export::queued;
use super::posting::Posting;
use super::{TelemetryError, joining};
use crate::settings::{OtlpSettings, TelemetrySettings};

static TRACES: OnceLock<SdkTracerProvider> = OnceLock::new();

/// The spans that are told, by the crates that make them. A crate that we use may have many, with who knows what in them.
const TOLD: [(&str, &str); 3] =
    [("galleria", "served"), ("kernel", "call"), ("platform", "handle")];

/// What tells spans, once it is part of what logs.
pub(super) type TracesLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Makes what tells the spans of a process with these modules, if they are collected.
pub(super) fn begin(
    settings: &TelemetrySettings,
    modules: &[&'static str],
) -> Result<Option<TracesLayer>, TelemetryError> {
    let Some(endpoint) = &settings.otlp.endpoint else { return Ok(None) };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Posting::new())
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint.traces())
        .with_headers(headers(&settings.otlp))
        .build()?;
    let provider = SdkTracerProvider::builder()
        .with_span_processor(queued(exporter))
        .with_id_generator(joining::Ids::default())
        .with_sampler(Sampler::TraceIdRatioBased(settings.otlp.sampling_ratio.into()))
        .with_resource(resource(settings, modules))
        .build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("galleria"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(FilterFn::new(is_told));
    let _first = TRACES.set(provider);
    joining::begin();
    Ok(Some(Box::new(layer)))
}

/// Tells what is not told yet, if the collector takes it in that time. Afterwards nothing more is told.
pub(crate) async fn told(within: Duration) {
    let Some(traces) = TRACES.get() else { return };
    let told = tokio::task::spawn_blocking(move || traces.shutdown_with_timeout(within)).await;
    if !matches!(told, Ok(Ok(()))) {
        tracing::warn!("left spans untold");
    }
}

fn is_told(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_span() && TOLD.contains(&(of, metadata.name()))
}

fn headers(settings: &OtlpSettings) -> std::collections::HashMap<String, String> {
    let headers = settings.headers.iter();
    headers.map(|(name, value)| (name.clone(), value.reveal().to_owned())).collect()
}

fn resource(settings: &TelemetrySettings, modules: &[&'static str]) -> Resource {
    let modules = modules.iter().map(|module| (*module).into()).collect();
    Resource::builder_empty()
        .with_service_name("galleria")
        .with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", settings.instance()),
            KeyValue::new("galleria.modules", Value::Array(Array::String(modules))),
        ])
        .build()
}
