//! The internal listener: health, metrics, and the contracts that this process serves to others.

mod addresses;
mod health;
mod probe;
mod routes;

pub use addresses::Addresses;
pub use health::{Hosted, ModuleHealth, ready};
pub use probe::{NotReady, probe};
pub(crate) use routes::{Internal, router};
