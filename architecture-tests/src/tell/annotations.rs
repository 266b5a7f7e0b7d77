use std::fmt::Write as _;

use crate::{Outcome, Rule};

/// The outcome as the commands by which a build server marks lines: `::error file=…,line=…::…`.
pub fn annotations(rules: &[Rule], outcome: &Outcome) -> String {
    let mut told = String::new();
    for unread in &outcome.unread {
        let _ = writeln!(
            told,
            "{}",
            command(&unread.path, unread.line, "could not be read", &unread.why)
        );
    }
    for finding in &outcome.findings {
        let rule = rules.iter().find(|rule| rule.id == finding.rule);
        let title = format!("{} {}", finding.rule, rule.map_or("", |rule| rule.name));
        let why = rule.map(|rule| format!("\nwhy: {}", rule.why)).unwrap_or_default();
        let message = format!("{}{why}\nfix: {}", finding.what, finding.fix);
        let _ = writeln!(told, "{}", command(&finding.path, finding.line, &title, &message));
    }
    told
}

fn command(path: &str, line: usize, title: &str, message: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    format!(
        "::error file={},line={},title={}::{}",
        property(path),
        line.max(1),
        property(title),
        data(message)
    )
}
