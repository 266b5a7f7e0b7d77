//! The rules, by what they look at.

mod all;
mod contracts;
mod crates;
mod data;
mod extraction;
mod layout;
mod live;
mod scene;
mod sources;

pub use all::{META, all};
