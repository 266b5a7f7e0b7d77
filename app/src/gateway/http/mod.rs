//! What every request goes through, and the shape in which it is told no.

mod at_the_edge;
mod body;
mod context;
mod cors;
mod from_call;
mod headers;
mod invalid;
mod limits;
mod path;
mod problem;
mod query;
mod scan;
mod text;

pub(crate) use at_the_edge::at_the_edge;
pub(crate) use body::{Body, OptionalBody, next_chunk, require_content_type};
pub(crate) use context::Context;
pub(crate) use headers::{IfMatch, Key, LastEventId, Versioned};
pub(crate) use limits::Limits;
pub(crate) use path::{Path, ProductRef, Slug, SubscriptionName};
pub use problem::Problem;
pub(crate) use query::{Limit, Query};
pub(crate) use text::{NewPassword, Opaque, Text};
