use metrics_exporter_prometheus::BuildError;
use opentelemetry_otlp::ExporterBuildError;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::TryInitError;

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// What is to be logged makes no sense.
    #[error("setting telemetry.log: {0}")]
    Filter(ParseError),
    /// Something else logs in this process already.
    #[error("the log was started twice")]
    Twice(#[from] TryInitError),
    /// What is measured can't be kept.
    #[error("metrics can't be kept")]
    Metrics(#[from] BuildError),
    /// Traces can't be told.
    #[error("settings telemetry.otlp")]
    Traces(#[from] ExporterBuildError),
}
