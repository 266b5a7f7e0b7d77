//! The public HTTP API. It calls contract traits alone, so it is the same code wherever the modules live.

mod api;
mod auth;
mod http;
mod operations;
mod router;
mod state;

pub use http::Problem;
pub use operations::{Access, Operation, Table};
pub use router::{openapi, router, table};
pub use state::{Gateway, Services};
