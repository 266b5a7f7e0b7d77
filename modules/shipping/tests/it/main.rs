//! The module alone.
#![expect(clippy::unwrap_used, reason = "tests")]

mod database;
mod methods;
mod settings;
