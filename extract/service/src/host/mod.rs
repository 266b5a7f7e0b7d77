//! A process with its modules: opened, made ready, served until it is told to stop.

mod host_error;
mod opening;
mod preparing;
mod serving;
mod stopped;

pub use host_error::HostError;
pub use opening::{bind, keys, open, places};
pub use serving::{Front, Host};
