//! Pictures and pages of the architecture, drawn from what the code has.

mod draw;
mod layout;
mod map;
mod pages;
mod written;

pub use draw::{dot, mermaid, svg};
pub use map::Map;
pub use pages::pages;
pub use written::written;
