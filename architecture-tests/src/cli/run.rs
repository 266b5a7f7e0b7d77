use std::error::Error;
use std::process::ExitCode;

use architecture_tests::facts::Workspace;

use super::arguments::{Arguments, Command};
use super::{baseline, check, explain, graph, init};

/// Does what was asked for.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let root = arguments.root.as_path();
    let open = || Workspace::open(root);
    match &arguments.command {
        Command::Check { unproven, format } => check::check(&open(), !unproven, *format),
        Command::Explain { rule } => Ok(explain::explain(&open(), rule.as_deref())),
        Command::Graph { write: true, .. } => graph::write(root, &open()),
        Command::Graph { format, .. } => graph::draw(&open(), *format),
        Command::Baseline(command) => baseline::baseline(root, &open(), command),
        Command::Init(wished) => init::init(root, wished),
    }
}
