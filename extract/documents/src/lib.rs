//! The documents of all contracts and events, which are committed in `contracts/`.

mod all;
mod asyncapi;
mod components;
mod event;
mod export;
mod files;
mod head;
mod nats;
mod openapi;
mod operation;
mod sorted;

pub use all::{contracts, events, subscriptions};
pub use event::EventDescriptor;
pub use export::{Difference, ExportError, differences, export};
pub use files::{DocumentError, files};
