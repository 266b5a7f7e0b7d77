use std::error::Error;
use std::process::ExitCode;

use architecture_tests::facts::Workspace;

use super::arguments::{Arguments, Command};
use super::{baseline, check, explain, graph};

/// Does what was asked for.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let workspace = Workspace::open(&arguments.root);
    match &arguments.command {
        Command::Check { unproven, format } => check::check(&workspace, !unproven, *format),
        Command::Explain { rule } => Ok(explain::explain(&workspace, rule.as_deref())),
        Command::Graph { write: true, .. } => graph::write(&arguments.root, &workspace),
        Command::Graph { format, .. } => graph::draw(&workspace, *format),
        Command::Baseline(command) => baseline::baseline(&arguments.root, &workspace, command),
    }
}
