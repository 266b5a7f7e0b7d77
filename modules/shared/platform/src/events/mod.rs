//! Events: written with the business transaction, relayed, and handled once in effect, in order per key.

mod blanking;
mod claims;
mod deliveries;
mod depths;
mod handler;
mod inbox;
mod limit;
mod marks;
mod neighbour;
pub(crate) mod outbox;
mod parcels;
mod queue;
mod relay;
mod remote;
mod replay;
mod retention;
mod running;
mod settings;
mod under_way;
mod wakers;
mod worker;

pub(crate) use deliveries::Deliveries;
pub use handler::{Handler, on};
pub use inbox::{Inbox, Offered, Taken, local_inbox};
pub(crate) use marks::mark;
pub use neighbour::{Neighbour, Subscriber};
pub(crate) use queue::Queue;
pub use relay::Relay;
pub use remote::remote_inbox;
pub(crate) use replay::Retold;
pub use retention::Sweeper;
pub use running::{EventError, ModuleEvents, RunningEvents, start};
pub use settings::EventSettings;
pub(crate) use wakers::Wakers;
pub use worker::Worker;
