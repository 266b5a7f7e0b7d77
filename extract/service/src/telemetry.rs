//! What a process tells about itself: its log on the standard error, and what it measures.

use std::fmt;
use std::io::IsTerminal as _;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::format::{Format, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::TryInitError;

use crate::settings::{LogFormat, TelemetrySettings};

const SECONDS: &[f64] =
    &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

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
}

/// Starts the log of a server.
pub fn start(settings: &TelemetrySettings) -> Result<(), TelemetryError> {
    begin(settings, filter(&settings.log)?)
}

/// Starts the log of a command, which says nothing unless something is wrong.
pub fn start_quietly(settings: &TelemetrySettings) -> Result<(), TelemetryError> {
    begin(settings, filter("warn")?)
}

/// Keeps what is measured from now on, to be shown on request.
pub fn measure() -> Result<PrometheusHandle, TelemetryError> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let recorder =
        PrometheusBuilder::new().set_buckets_for_metric(seconds, SECONDS)?.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::debug!("metrics were kept already");
    }
    Ok(handle)
}

fn filter(otherwise: &str) -> Result<EnvFilter, TelemetryError> {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV);
    EnvFilter::try_new(wanted.as_deref().unwrap_or(otherwise)).map_err(TelemetryError::Filter)
}

fn begin(settings: &TelemetrySettings, filter: EnvFilter) -> Result<(), TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt as _;

    let terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter);
    let text = match settings.log_format {
        LogFormat::Auto => terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    if text {
        log.with_ansi(terminal).with_target(false).finish().try_init()?;
    } else {
        let instance = settings.instance.clone();
        let instance = instance.unwrap_or_else(|| std::process::id().to_string());
        let json = Format::default().json().flatten_event(true).with_span_list(false);
        log.json().event_format(Signed { instance, json }).finish().try_init()?;
    }
    Ok(())
}

/// JSON whose first member says which instance it is of.
struct Signed {
    instance: String,
    json: Format<Json>,
}

impl<S, N> FormatEvent<S, N> for Signed
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::with_capacity(256);
        self.json.format_event(context, Writer::new(&mut line), event)?;
        let rest = line.strip_prefix('{').unwrap_or_default();
        let instance = serde_json::Value::from(self.instance.as_str());
        write!(writer, "{{\"instance\":{instance},{rest}")
    }
}
