//! What a process tells about itself: its log on the standard error, what it measures, and, where they are collected, its traces.

mod error;
mod export;
mod joining;
mod log;
mod measure;
mod posting;
mod start;
mod traces;

pub use error::TelemetryError;
pub use measure::measure;
pub use start::{start, start_quietly};
pub(crate) use traces::told;
