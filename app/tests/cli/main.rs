//! The command line, on a shop that runs and on one that does not.
#![expect(clippy::unwrap_used, reason = "tests")]

mod admins;
mod commands;
mod doctor;
mod events;
mod house;
