//! The public gateway, in process and over its listener, with every module faked.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod access;
mod client;
mod conditions;
mod document;
mod fake;
mod hostile;
mod importing;
mod limits;
mod listener;
mod problems;
mod purchase;
mod samples;
mod stopping;
mod streams;
