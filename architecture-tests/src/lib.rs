//! The architecture as rules: what `architecture.toml` says of a workspace, held against its code, both ways.
//!
//! Facts are gathered once ([`facts::Workspace`]), rules ask them ([`rules`]), and every rule proves in the same run that it
//! bites ([`prove`]): a change of the workspace in memory that breaks it must be seen, and a near miss must not.

pub mod facts;
pub mod graph;
pub mod init;
pub mod plan;
pub mod rules;
pub mod tell;

mod baseline;
mod check;
mod edit;
mod finding;
mod need;
mod proof;
mod rule;
mod threads;
mod tree;
mod unread;

pub use baseline::{BASELINE, Baseline, Entry, written};
pub use check::{Outcome, check};
pub use edit::Edit;
pub use finding::{Finding, Found};
pub use need::Need;
pub use proof::{Proof, Proven, prove};
pub use rule::Rule;
pub use tree::Tree;
pub use unread::Unread;

pub use jiff;
