use serde_json::{Value, json};

use crate::{Finding, Outcome, Rule};

/// The outcome for programs. `version` changes when a field goes or means something else.
pub fn json(rules: &[Rule], outcome: &Outcome) -> Value {
    let why = |id: &str| rules.iter().find(|rule| rule.id == id).map(|rule| rule.why);
    let finding = |finding: &Finding| {
        json!({
            "rule": finding.rule, "path": finding.path, "line": finding.line, "item": finding.item,
            "what": finding.what, "why": why(finding.rule), "fix": finding.fix, "also": finding.also,
        })
    };
    let unread = outcome.unread.iter();
    let unread = unread.map(|one| json!({ "path": one.path, "line": one.line, "why": one.why }));
    let left_out = outcome.left_out.iter().map(|(rule, why)| json!({ "rule": rule, "why": why }));
    json!({
        "version": 1,
        "code": outcome.code(),
        "rules": outcome.rules,
        "proofs": outcome.proofs,
        "accepted": outcome.accepted,
        "findings": outcome.findings.iter().map(finding).collect::<Vec<_>>(),
        "unread": unread.collect::<Vec<_>>(),
        "unproven": outcome.unproven,
        "left_out": left_out.collect::<Vec<_>>(),
    })
}
