use std::fmt;
use std::io::IsTerminal as _;

use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{Format, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, Registry};

use super::TelemetryError;
use super::traces::TracesLayer;
use crate::settings::{LogFormat, TelemetrySettings};

/// What is logged: what the environment says, or else this.
pub(super) fn filter(otherwise: &str) -> Result<EnvFilter, TelemetryError> {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV);
    EnvFilter::try_new(wanted.as_deref().unwrap_or(otherwise)).map_err(TelemetryError::Filter)
}

/// Begins to log on the standard error, and to tell spans where they are collected.
pub(super) fn begin(
    settings: &TelemetrySettings,
    filter: EnvFilter,
    traces: Option<TracesLayer>,
) -> Result<(), TelemetryError> {
    let terminal = std::io::stderr().is_terminal();
    let text = match settings.log_format {
        LogFormat::Auto => terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let log: Box<dyn Layer<Registry> + Send + Sync> = if text {
        log.with_ansi(terminal).with_target(false).boxed()
    } else {
        let json = Format::default().json().flatten_event(true).with_span_list(false);
        let instance = settings.instance();
        log.json().event_format(Signed { instance, json }).boxed()
    };
    match traces {
        Some(traces) => {
            let each = vec![log.with_filter(filter).boxed(), traces];
            tracing_subscriber::registry().with(each).try_init()
        }
        // One filter for all costs less than one for each.
        None => tracing_subscriber::registry().with(log).with(filter).try_init(),
    }?;
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
