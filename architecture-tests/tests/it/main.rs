//! This workspace held to its architecture, and what the rules stand on.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod begins;
mod bites;
mod cargo;
mod catalogue;
mod command;
mod engine;
mod holds;
mod kit;
mod shapes;
mod sources;
mod told;

use std::path::PathBuf;
use std::sync::OnceLock;

use architecture_tests::facts::Workspace;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// This workspace, gathered once.
fn ours() -> &'static Workspace {
    static OURS: OnceLock<Workspace> = OnceLock::new();
    OURS.get_or_init(|| Workspace::open(&root()))
}
