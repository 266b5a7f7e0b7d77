//! Events: written with the business transaction, relayed, and handled once in effect, in order per key.

mod claims;
mod deliveries;
mod depths;
mod handler;
mod inbox;
mod marks;
pub(crate) mod outbox;
mod queue;
mod relay;
mod replay;
mod retention;
mod running;
mod settings;
mod wakers;
mod worker;

pub(crate) use deliveries::Deliveries;
pub use handler::{Handler, on};
pub use inbox::{Inbox, Offered, local_inbox};
pub(crate) use marks::mark;
pub(crate) use queue::Queue;
pub use relay::Relay;
pub(crate) use replay::Retold;
pub use retention::Sweeper;
pub use running::{EventError, ModuleEvents, RunningEvents, start};
pub use settings::EventSettings;
pub(crate) use wakers::Wakers;
pub use worker::Worker;
