//! The one table of operations, of which both the router and the `OpenAPI` document are made.

mod access;
mod document;
mod guarded;
mod operation;
mod problems;
mod route;
mod table;

pub use access::Access;
pub use operation::Operation;
pub(crate) use route::Route;
pub use table::Table;
