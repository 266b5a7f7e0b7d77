use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Raw {
    #[serde(alias = "project")]
    pub(super) package: Option<RawPackage>,
    pub(super) workspace: Option<RawWorkspace>,
    pub(super) lib: Option<RawTarget>,
    #[serde(default)]
    pub(super) bin: Vec<RawTarget>,
    #[serde(default)]
    pub(super) test: Vec<RawTarget>,
    #[serde(default)]
    pub(super) bench: Vec<RawTarget>,
    #[serde(default)]
    pub(super) example: Vec<RawTarget>,
    #[serde(default)]
    pub(super) dependencies: RawEdges,
    #[serde(default, alias = "dev_dependencies")]
    pub(super) dev_dependencies: RawEdges,
    #[serde(default, alias = "build_dependencies")]
    pub(super) build_dependencies: RawEdges,
    #[serde(default)]
    pub(super) target: BTreeMap<String, RawSections>,
    #[serde(default)]
    pub(super) features: BTreeMap<Spanned<String>, Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct RawPackage {
    pub(super) name: String,
    pub(super) build: Option<Spanned<toml::Value>>,
}

#[derive(Default, Deserialize)]
pub(super) struct RawTarget {
    pub(super) name: Option<String>,
    pub(super) path: Option<Spanned<String>>,
    #[serde(default, rename = "proc-macro", alias = "proc_macro")]
    pub(super) is_macro: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct RawWorkspace {
    #[serde(default)]
    pub(super) members: Vec<String>,
    #[serde(default)]
    pub(super) exclude: Vec<String>,
    #[serde(default)]
    pub(super) dependencies: RawEdges,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawSections {
    #[serde(default)]
    pub(super) dependencies: RawEdges,
    #[serde(default, alias = "dev_dependencies")]
    pub(super) dev_dependencies: RawEdges,
    #[serde(default, alias = "build_dependencies")]
    pub(super) build_dependencies: RawEdges,
}

pub(super) type RawEdges = BTreeMap<Spanned<String>, RawEdge>;

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawEdge {
    Version(#[expect(dead_code, reason = "a version alone says nothing of interest")] String),
    Table(RawTable),
}

#[derive(Deserialize)]
pub(super) struct RawTable {
    pub(super) package: Option<String>,
    pub(super) path: Option<String>,
    #[serde(default)]
    pub(super) workspace: bool,
    #[serde(default)]
    pub(super) optional: bool,
}
