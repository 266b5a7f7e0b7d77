//! What the modules of a process are built of, and what goes with them.

mod building;
mod events;
mod wiring_error;

pub use building::{Assembled, Assembly, Handlers};
pub use wiring_error::WiringError;
