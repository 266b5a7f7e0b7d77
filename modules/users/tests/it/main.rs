//! The module alone, on a real database of either engine.
#![expect(clippy::unwrap_used, reason = "tests")]

mod addresses;
mod auditing;
mod keys;
mod profile;
mod registering;
mod rights;
mod sessions;
mod shop;
mod signing_in;
