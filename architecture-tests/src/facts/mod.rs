//! What is read once and asked by all rules.

mod ahead;
mod attributes;
mod built;
mod catalogue;
mod contract;
mod cursor;
mod kept;
mod literals;
mod manifest;
mod member;
mod members;
mod method;
mod named;
mod raw_manifest;
mod script;
mod source;
mod sql;
mod sql_tokens;
mod subscriptions;
mod types;
mod uses;
mod walk;
mod workspace;

pub use catalogue::{Catalogue, Crossing, Right};
pub use contract::{Method, Trait, Type, Vocabulary};
pub use manifest::{Dependency, Feature, Kind, Manifest, joined};
pub use member::{Crate, Edge, File};
pub use script::{Mention, Script, Verb};
pub use source::{Function, How, Named, Source, Text};
pub use workspace::{Migration, Workspace};
