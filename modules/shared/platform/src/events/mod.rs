//! Events: written with the business transaction, relayed, and handled once in effect, in order per key.

mod deliveries;
mod handler;
mod inbox;
pub(crate) mod outbox;
mod relay;
mod retention;
mod running;
mod settings;
mod worker;

pub(crate) use deliveries::Deliveries;
pub use handler::{Handler, on};
pub(crate) use inbox::Arrivals;
pub use inbox::{Inbox, LocalInbox, Offered};
pub use relay::Relay;
pub use retention::Sweeper;
pub use running::{EventError, ModuleEvents, RunningEvents, start};
pub use settings::EventSettings;
pub use worker::Worker;
