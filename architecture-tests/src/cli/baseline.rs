use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use architecture_tests::facts::Workspace;
use architecture_tests::{BASELINE, Baseline, Entry, check, rules, written};

use super::arguments::Baseline as Command;

/// Works on the baseline's file.
pub(super) fn baseline(
    root: &Path,
    workspace: &Workspace,
    command: &Command,
) -> Result<ExitCode, Box<dyn Error>> {
    let findings = check(workspace, &rules::all(), false);
    if let Some(unread) = findings.unread.first() {
        return Err(unread.clone().into());
    }
    let mut findings = findings.findings;
    let mut entries = Baseline::of(workspace)?.pruned(&findings);
    if let Command::Accept { rule, owner, reason, until } = command {
        for known in &entries {
            if let Some(at) = findings.iter().position(|finding| known.is_of(finding)) {
                findings.remove(at);
            }
        }
        let new = findings.iter().filter(|finding| finding.rule.eq_ignore_ascii_case(rule));
        entries.extend(new.map(|finding| Entry::accepting(finding, owner, reason, *until)));
    }
    let path = root.join(BASELINE);
    if entries.is_empty() {
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    } else {
        std::fs::write(path, written(&entries)?)?;
    }
    println!("entries of {BASELINE}: {}", entries.len());
    Ok(ExitCode::SUCCESS)
}
