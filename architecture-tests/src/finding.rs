use std::fmt::Display;

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static str,
    /// Which file, from the root.
    pub path: String,
    /// Where in it, from 1.
    pub line: usize,
    /// What is found, in a sentence.
    pub what: String,
    /// What names it in exceptions and in the baseline; no line is part of it.
    pub item: String,
    /// How to mend it.
    pub fix: String,
    /// What else there is to see.
    pub also: Vec<String>,
}

/// What a rule found, and at how many things it looked.
#[derive(Debug, Default)]
pub struct Found {
    /// So many things it could have found something at.
    pub looked_at: usize,
    /// What it found.
    pub findings: Vec<Finding>,
}

impl Found {
    /// Counts one thing that is looked at.
    pub fn look(&mut self) {
        self.looked_at += 1;
    }

    /// Notes something that breaks the rule. The rule's id is filled in by who runs it.
    pub fn note(
        &mut self,
        (path, line): (&str, usize),
        item: impl Display,
        what: impl Display,
        fix: impl Display,
    ) {
        let (what, item, fix) = (what.to_string(), item.to_string(), fix.to_string());
        let path = path.to_owned();
        self.findings.push(Finding { rule: "", path, line, what, item, fix, also: Vec::new() });
    }

    /// Adds what else there is to see of what was noted last.
    pub fn see(&mut self, also: impl IntoIterator<Item = String>) {
        if let Some(last) = self.findings.last_mut() {
            last.also.extend(also);
        }
    }
}
