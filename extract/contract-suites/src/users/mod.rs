//! What `users` promises.

mod accounts;
mod addresses;
mod sentences;
mod sessions;
mod stage;

pub use sentences::SUITE;
