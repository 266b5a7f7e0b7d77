use serde_json::{Value, json};

use crate::{Finding, Outcome, Rule, Unread};

/// The outcome as SARIF 2.1.0, for what shows findings beside the code.
pub fn sarif(rules: &[Rule], outcome: &Outcome) -> Value {
    let rule = |rule: &Rule| {
        json!({
            "id": rule.id, "name": rule.name,
            "shortDescription": { "text": rule.why }, "fullDescription": { "text": rule.explain },
        })
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": outcome.unread.is_empty(),
                "toolExecutionNotifications": outcome.unread.iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": outcome.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    json!({
        "ruleId": finding.rule,
        "level": "error",
        "message": { "text": format!("{}. fix: {}", finding.what, finding.fix) },
        "locations": [location(&finding.path, finding.line)],
        "partialFingerprints": { "item/v1": format!("{} {} {}", finding.rule, finding.path, finding.item) },
    })
}

fn notification(unread: &Unread) -> Value {
    json!({
        "level": "error",
        "message": { "text": unread.to_string() },
        "locations": [location(&unread.path, unread.line)],
    })
}

fn location(path: &str, line: usize) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": path, "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": line.max(1) },
    } })
}
