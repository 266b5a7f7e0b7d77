//! A process that hosts modules: their settings, databases, wiring and internal listener. The gateway comes on top of it.

mod assembly;
mod audited;
mod background;
mod contracts;
mod databases;
pub mod edge;
mod host;
mod internal;
mod meeting;
mod operated;
pub mod placement;
pub mod print;
pub mod settings;
pub mod telemetry;
mod transports;
pub mod wiring;

pub use assembly::{Assembled, Assembly, Handlers, WiringError};
pub use audited::Find;
pub use background::Background;
pub use contracts::{Contracts, Wired};
pub use databases::{Databases, DatabasesError};
pub use host::{Front, Host, HostError, bind, keys, open, places};
pub use internal::{Addresses, Hosted, ModuleHealth, NotReady, probe, ready};
pub use meeting::{Met, meet};
pub use operated::{NAMES, Operated, address_of, home_of};
pub use transports::Transports;
