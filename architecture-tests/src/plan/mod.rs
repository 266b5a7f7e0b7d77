//! The architecture as it is meant: `architecture.toml`.

mod architecture;
mod context;
mod exception;
mod layout;
mod pattern;
mod role;

pub(crate) use architecture::as_written;
pub(crate) use role::{Layers, stem};

pub use architecture::{PLAN, Plan};
pub use context::Context;
pub use exception::Exception;
pub use layout::{Layout, Limits, Proofs};
pub use pattern::Pattern;
pub use role::{Forbidden, Layer, Role};
