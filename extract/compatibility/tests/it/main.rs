//! What breaks whom: each rule beside a change that differs by little and breaks nobody.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod answers;
mod document;
mod events;
mod meeting;
mod successors;
mod told;
mod types;
