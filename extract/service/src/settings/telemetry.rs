use std::collections::BTreeMap;

use axum::http::Uri;
use kernel::Invalid;
use serde::{Deserialize, Serialize};

use super::hidden::Hidden;

/// The section `telemetry`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// What is logged, in the words of `RUST_LOG`, which goes before it.
    pub log: String,
    /// How it is written.
    pub log_format: LogFormat,
    /// The name of this process among its like; its process id where none is set.
    pub instance: Option<String>,
    /// Where traces are told.
    pub otlp: OtlpSettings,
}

impl Default for TelemetrySettings {
    fn default() -> Self {
        Self {
            log: "info,sqlx=warn".to_owned(),
            log_format: LogFormat::Auto,
            instance: None,
            otlp: OtlpSettings::default(),
        }
    }
}

impl TelemetrySettings {
    /// The name of this process among its like.
    pub fn instance(&self) -> String {
        self.instance.clone().unwrap_or_else(|| std::process::id().to_string())
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, else JSON.
    Auto,
    /// For people.
    Text,
    /// For machines, an object a line.
    Json,
}

/// The section `telemetry.otlp`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OtlpSettings {
    /// Where the collector of traces takes OTLP over HTTP. Without it, none are told.
    pub endpoint: Option<CollectorUrl>,
    /// Headers that the collector asks for.
    pub headers: BTreeMap<String, Hidden>,
    /// Which part of the traces is told. Decided by a trace's id, and so alike in all processes that have the same ratio.
    pub sampling_ratio: Ratio,
}

/// `http://<host>[:<port>][/<path>]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CollectorUrl(String);

impl CollectorUrl {
    /// Where it takes traces.
    pub fn traces(&self) -> String {
        format!("{}/v1/traces", self.0.trim_end_matches('/'))
    }
}

impl TryFrom<String> for CollectorUrl {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let url = text.parse::<Uri>().ok().filter(|url| {
            let host = url.authority().is_some_and(|host| !host.as_str().contains('@'));
            host && url.query().is_none()
        });
        match url.as_ref().and_then(Uri::scheme_str) {
            Some("http") => Ok(Self(text)),
            Some("https") => Err(Invalid::new(
                "must begin with http://; a collector beside the shop may take traces further over https",
            )),
            _ => Err(Invalid::new("must be a url such as http://127.0.0.1:4318")),
        }
    }
}

impl From<CollectorUrl> for String {
    fn from(url: CollectorUrl) -> Self {
        url.0
    }
}

/// A part of a whole: 0 is nothing, 1 is all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio(f64);

impl Default for Ratio {
    fn default() -> Self {
        Self(1.0)
    }
}

impl TryFrom<f64> for Ratio {
    type Error = Invalid;

    fn try_from(ratio: f64) -> Result<Self, Invalid> {
        match ratio {
            0.0..=1.0 => Ok(Self(ratio)),
            _ => Err(Invalid::new("must be between 0 and 1")),
        }
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.0
    }
}
