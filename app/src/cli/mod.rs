//! The command line.

mod arguments;
mod checkup;
mod command;
mod contracts;
mod create_admin;
mod events;
mod failed;
mod import;
mod modules;
mod serve;
mod shop;

pub use arguments::Arguments;
pub use command::{Outcome, main};
pub use failed::CommandError;
pub use shop::Shop;
