//! What is said of a change.

use extract_compatibility::{Changes, successor};

use crate::document::{Edit, committed, edited};

pub(crate) const CALLERS: &str = "callers of the committed version";
pub(crate) const NEW_CALLERS: &str = "callers of the new version at servers of the committed one";

pub(crate) fn changes(edits: &[Edit]) -> Changes {
    successor(&committed(), &edited(edits))
}

/// Exactly one thing breaks: there, so, for them.
#[track_caller]
pub(crate) fn breaks(edits: &[Edit], place: &str, problem: &str, whom: &str) {
    let changes = changes(edits);
    let told: Vec<String> = changes.breaking.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with(&format!("{place} {problem}")), "{told:#?}");
    assert!(changes.breaking[0].whom.starts_with(whom), "{told:#?}");
}

/// Nothing breaks, and the additions are these.
#[track_caller]
pub(crate) fn stays(edits: &[Edit], additions: &[&str]) {
    let changes = changes(edits);
    assert_eq!(changes.breaking, [], "{:#?}", changes.breaking);
    assert_eq!(changes.additions, additions);
}
