use super::log::{begin, filter};
use super::{TelemetryError, traces};
use crate::placement::{Part, Place};
use crate::settings::{Settings, TelemetrySettings};

/// Starts the log of a server, and the telling of its traces if they are collected.
pub fn start(settings: &Settings, part: Part<'_>) -> Result<(), TelemetryError> {
    let modules = crate::places(settings, part).map(|places| {
        let here = places.all().filter(|(_, place)| **place == Place::Here);
        here.map(|(module, _)| module).collect::<Vec<_>>()
    });
    // Where they can't run, the start says so next.
    let traces = traces::begin(&settings.telemetry, &modules.unwrap_or_default())?;
    begin(&settings.telemetry, filter(&settings.telemetry.log)?, traces)
}

/// Starts the log of a command, which says nothing unless something is wrong.
pub fn start_quietly(settings: &TelemetrySettings) -> Result<(), TelemetryError> {
    begin(settings, filter("warn")?, None)
}
