use std::path::Path;

use galleria_service::print;

use super::arguments::Contracts;
use super::{CommandError, Outcome};

/// Writes the documents of all contracts and events.
pub(super) fn run(command: &Contracts) -> Result<Outcome, CommandError> {
    let Contracts::Export { to } = command;
    export(to)
}

fn export(directory: &Path) -> Result<Outcome, CommandError> {
    for path in extract_documents::export(directory)? {
        print::line(&directory.join(path).display().to_string())?;
    }
    Ok(Outcome::Well)
}
