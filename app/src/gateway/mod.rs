//! The public HTTP API. It calls contract traits alone, so it is the same code wherever the modules live.

mod api;
mod auth;
pub mod edge;
mod http;
mod operations;
mod router;
mod settings;
mod state;

pub use http::{Network, Problem};
pub use operations::{Access, Operation, Table};
pub use router::{openapi, router, table};
pub use settings::{LimitSettings, ServerSettings};
pub use state::{Gateway, Services};
