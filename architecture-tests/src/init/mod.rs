//! A first plan of any workspace: what `init` writes.

mod begin;
mod contexts;
mod draft;
mod families;
mod folders;
mod graph;
mod groups;
mod hexagon;
mod monolith;
mod names;
mod preset;
mod written;

pub use begin::{Begun, InitError, begin};
pub use preset::Preset;
