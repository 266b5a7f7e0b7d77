//! Events: written with the business transaction, relayed, and handled once in effect, in order per key.

mod arrivals;
mod deliveries;
mod handler;
mod inbox;
mod marks;
pub(crate) mod outbox;
mod relay;
mod retention;
mod running;
mod settings;
mod worker;

pub(crate) use arrivals::Arrivals;
pub(crate) use deliveries::Deliveries;
pub use handler::{Handler, on};
pub use inbox::{Inbox, Offered};
pub(crate) use marks::mark;
pub use relay::Relay;
pub use retention::Sweeper;
pub use running::{EventError, ModuleEvents, RunningEvents, start};
pub use settings::EventSettings;
pub use worker::Worker;
