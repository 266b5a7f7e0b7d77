use serde::Deserialize;
use toml::Spanned;

/// What a rule finds, and is meant so for good. One that excepts nothing is an error.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Of which rule.
    pub rule: Spanned<String>,
    /// In which files.
    pub at: String,
    /// What is found, as its key says it.
    pub item: String,
    /// Why it is meant so.
    pub why: String,
}
