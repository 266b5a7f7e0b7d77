//! How an outcome is told.

mod annotations;
mod json;
mod sarif;
mod text;

pub use annotations::annotations;
pub use json::json;
pub use sarif::sarif;
pub use text::{explained, text};
