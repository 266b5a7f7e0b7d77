use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A part of the business that could leave the process as one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// In a sentence.
    pub is: String,
    /// Who decides about it.
    pub owner: String,
    /// The folders of its crates, where those of their roles don't say it.
    #[serde(default)]
    pub crates: Vec<Spanned<String>>,
    /// Its database schemas; that of its own name, if this is left out.
    #[serde(default)]
    pub schemas: Vec<Spanned<String>>,
    /// The contexts whose contracts it calls, each with why.
    #[serde(default)]
    pub calls: BTreeMap<Spanned<String>, String>,
    /// The events of other contexts that it is told, each with why.
    #[serde(default)]
    pub listens: BTreeMap<Spanned<String>, String>,
    /// Where its implementation is, if it is none of the workspace's crates.
    pub elsewhere: Option<String>,
    /// Whether it has no contract: nobody calls it.
    #[serde(default)]
    pub uncalled: bool,
}
