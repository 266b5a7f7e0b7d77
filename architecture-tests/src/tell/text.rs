use std::fmt::Write as _;

use crate::facts::Workspace;
use crate::{Finding, Outcome, Rule};

/// The outcome as a compiler tells it, for people.
pub fn text(workspace: &Workspace, rules: &[Rule], outcome: &Outcome) -> String {
    let mut told = String::new();
    for unread in &outcome.unread {
        let _ = writeln!(
            told,
            "error: could not read {unread}\n  why: what was not read was not checked\n"
        );
    }
    for finding in &outcome.findings {
        told.push_str(&one(workspace, rules, finding));
    }
    let (broken, unread) = (outcome.findings.len(), outcome.unread.len());
    for (why, rules) in &by_reason(outcome) {
        let _ = writeln!(told, "not held: {} ({why})", rules.join(", "));
    }
    if !outcome.unproven.is_empty() {
        let _ = writeln!(
            told,
            "held, and not proven on this workspace: {}",
            outcome.unproven.join(", ")
        );
    }
    if outcome.accepted > 0 {
        let _ = writeln!(told, "accepted by the baseline: {}", outcome.accepted);
    }
    let _ = match outcome.code() {
        0 => writeln!(told, "{} rules hold, {} proofs ran", outcome.rules, outcome.proofs),
        1 => {
            let Outcome { rules, proofs, .. } = outcome;
            writeln!(told, "breaches: {broken}; of {rules} rules, {proofs} proofs ran")
        }
        _ => writeln!(told, "not read: {unread}; nothing was checked"),
    };
    told
}

/// The rules that are not held, by why.
fn by_reason(outcome: &Outcome) -> Vec<(&str, Vec<&str>)> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (rule, why) in &outcome.left_out {
        match reasons.iter_mut().find(|(known, _)| known == why) {
            Some((_, rules)) => rules.push(*rule),
            None => reasons.push((why.as_str(), vec![*rule])),
        }
    }
    reasons
}

fn one(workspace: &Workspace, rules: &[Rule], finding: &Finding) -> String {
    let Finding { rule, path, line, what, fix, also, .. } = finding;
    let mut told = format!("error[{rule}]: {what}\n  --> {path}:{line}");
    let written = workspace.tree.text(path).and_then(|text| text.lines().nth(line.checked_sub(1)?));
    if let Some(written) = written.map(str::trim).filter(|written| !written.is_empty()) {
        let _ = write!(told, "   {written}");
    }
    told.push('\n');
    for place in also {
        let _ = writeln!(told, "      {place}");
    }
    if let Some(rule) = rules.iter().find(|known| known.id == *rule) {
        let _ = writeln!(told, "  why: {}", rule.why);
    }
    let _ = writeln!(told, "  fix: {fix}\n  help: `{} explain {rule}`\n", command(workspace));
    told
}

/// How the command is called: from its sources where the workspace has them, and else as it is installed.
fn command(workspace: &Workspace) -> &'static str {
    let has_sources = workspace.crates.iter().any(|one| one.name() == "architecture-tests");
    if has_sources { "cargo run -p architecture-tests --" } else { "architecture-tests" }
}

/// All that is known of a rule.
pub fn explained(workspace: &Workspace, rule: &Rule) -> String {
    let mut told = format!("{} {}\n\n{}\n\nwhy: {}\n", rule.id, rule.name, rule.explain, rule.why);
    if let Some(why) = workspace.plan.is_off(rule.id) {
        let _ = writeln!(told, "off in this workspace: {why}");
    }
    let proofs = (rule.proofs)(workspace);
    let _ = writeln!(told, "\nIt proves on this workspace that it sees what");
    for proof in proofs {
        let _ = writeln!(told, "  {} ({})", proof.does, proof.at.0);
    }
    told
}
