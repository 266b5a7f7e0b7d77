//! The shop: the public gateway, and what the binary hosts besides it.

mod audited;
pub mod background;
pub mod cli;
pub mod databases;
pub mod doctor;
pub mod faults;
pub mod gateway;
pub mod import;
pub mod internal;
pub mod operated;
pub mod settings;
pub mod telemetry;
pub mod wiring;
