use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::facts::Workspace;
use crate::unread::line_at;
use crate::{Finding, Outcome, Unread};

/// Where the baseline is, from the root.
pub const BASELINE: &str = "architecture.baseline.toml";

/// The breaches that are there already, each somebody's, and each with an end. It only shrinks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    #[serde(default)]
    entry: Vec<Spanned<Entry>>,
    #[serde(skip)]
    text: String,
}

/// A breach that is there already. It matches exactly one finding, by what it is and never by its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Of which rule.
    pub rule: String,
    /// In which file.
    pub path: String,
    /// What is found there.
    pub item: String,
    /// Who will mend it.
    pub owner: String,
    /// Why it is not mended yet.
    pub reason: String,
    /// The last day on which it may be there.
    pub until: String,
}

impl Baseline {
    /// The baseline of a workspace; an empty one, where it has none.
    pub fn of(workspace: &Workspace) -> Result<Self, Unread> {
        let Some(text) = workspace.tree.text(BASELINE) else { return Ok(Self::default()) };
        let read: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_at(text, span.start));
            Unread::new(BASELINE, line, error.message())
        })?;
        Ok(Self { text: text.to_string(), ..read })
    }

    /// Takes what the baseline has out of an outcome, and adds what is wrong with the baseline.
    pub fn apply(&self, outcome: &mut Outcome, today: Date) {
        let mut wrong = Vec::new();
        for entry in &self.entry {
            let line = line_at(&self.text, entry.span().start);
            let entry = entry.get_ref();
            let is_it = |finding: &Finding| entry.is_of(finding);
            let at = outcome.findings.iter().position(is_it);
            match (entry.unfit(today), at) {
                (Some(why), _) => wrong.push(told(line, entry, &why, ANEW)),
                (None, Some(at)) => {
                    outcome.findings.remove(at);
                    outcome.accepted += 1;
                }
                (None, None) if entry.is_pattern() => {
                    wrong.push(told(line, entry, "is a pattern; an entry is one breach", ANEW));
                }
                (None, None) => wrong.push(told(line, entry, "is no longer found", GONE)),
            }
        }
        if outcome.unread.is_empty() {
            outcome.findings.extend(wrong);
        }
    }

    /// The entries that still match a finding, as the file has them.
    pub fn pruned(&self, findings: &[Finding]) -> Vec<Entry> {
        let mut open: Vec<&Finding> = findings.iter().collect();
        let mut kept = Vec::new();
        for entry in &self.entry {
            if let Some(at) = open.iter().position(|finding| entry.get_ref().is_of(finding)) {
                open.remove(at);
                kept.push(entry.get_ref().clone());
            }
        }
        kept
    }
}

impl Entry {
    /// What is found now, as an entry of the baseline.
    pub fn accepting(finding: &Finding, owner: &str, reason: &str, until: Date) -> Self {
        Self {
            rule: finding.rule.to_owned(),
            path: finding.path.clone(),
            item: finding.item.clone(),
            owner: owner.to_owned(),
            reason: reason.to_owned(),
            until: until.to_string(),
        }
    }

    /// Whether it is of this finding.
    pub fn is_of(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.path == finding.path && self.item == finding.item
    }

    /// Whether it looks like one that means many. What is found can have a star as well: `pub use other::*`.
    fn is_pattern(&self) -> bool {
        self.path.contains('*') || self.item.contains('*')
    }

    /// Why an entry stands for nothing.
    fn unfit(&self, today: Date) -> Option<String> {
        let empty = self.owner.trim().is_empty() || self.reason.trim().is_empty();
        match self.until.parse::<Date>() {
            _ if empty => Some("has no owner or no reason".to_owned()),
            Err(_) => Some(format!("has no end: `{}` is no day", self.until)),
            Ok(until) if until < today => Some(format!("was accepted until {until}")),
            Ok(_) => None,
        }
    }
}

const ANEW: &str = "mend the breach, or have the entry accepted anew by its owner";
const GONE: &str = "`baseline prune`, so that it can't come back unseen";

/// The text of a baseline.
pub fn written(entries: &[Entry]) -> Result<String, toml::ser::Error> {
    #[derive(Serialize)]
    struct Whole<'a> {
        entry: &'a [Entry],
    }
    let head = "# Breaches that are there already. Each is somebody's and has an end; this file only shrinks.\n\n";
    Ok(format!("{head}{}", toml::to_string(&Whole { entry: entries })?))
}

fn told(line: usize, entry: &Entry, what: &str, fix: &str) -> Finding {
    let item = format!("{} {} {}", entry.rule, entry.path, entry.item);
    Finding {
        rule: "M02",
        path: BASELINE.to_owned(),
        line,
        what: format!("the entry of {} for `{}` in {} {what}", entry.rule, entry.item, entry.path),
        item,
        fix: fix.to_owned(),
        also: Vec::new(),
    }
}
