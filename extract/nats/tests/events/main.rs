//! Events between processes, over a real broker and real databases of either engine.
#![expect(clippy::unwrap_used, reason = "tests")]

mod carrying;
mod faults;
mod house;
mod losing;
mod poison;
mod repairing;
