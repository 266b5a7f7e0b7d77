//! The platform on real databases of either engine.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod backlog;
mod blanking;
mod broker;
mod calls;
mod chains;
mod chaos;
mod crashes;
mod elsewhere;
mod encrypting;
mod group;
mod operators;
mod parking;
mod relaying;
mod replaying;
mod sagas;
mod schemas;
mod shop;
