use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// What a crate is for. Every crate has exactly one role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a line of the plan that is said or left out"
)]
pub struct Role {
    /// In a sentence.
    pub is: String,
    /// The folders of its crates; `<context>` is the context that they belong to.
    pub crates: Vec<Spanned<String>>,
    /// The context of its crates, where their folders don't say it.
    pub context: Option<String>,
    /// Whether other contexts may depend on it: it is a contract.
    #[serde(default)]
    pub open: bool,
    /// Whether its contracts are called from other processes: `remote` ones hold what a wire needs.
    #[serde(default)]
    pub remote: bool,
    /// Whether it may know the implementations of several contexts: it puts them together.
    #[serde(default)]
    pub root: bool,
    /// Whether it is for tests alone.
    #[serde(default)]
    pub test_support: bool,
    /// Whether it keeps nothing in statics.
    #[serde(default)]
    pub stateless: bool,
    /// The roles that it depends on.
    #[serde(default)]
    pub uses: Vec<Spanned<String>>,
    /// The roles that only its tests depend on.
    #[serde(default)]
    pub dev: Vec<Spanned<String>>,
    /// The packages from outside that it depends on; any, if this is left out.
    pub external: Option<Vec<Spanned<String>>>,
    /// The lists of what its sources must not name.
    #[serde(default)]
    pub forbids: Vec<Spanned<String>>,
}

/// A folder below `src` in the crates of a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// In a sentence.
    pub is: String,
    /// In the crates of which role.
    pub role: String,
    /// Its folders below `src`; that of its own name, if this is left out.
    #[serde(default)]
    pub folders: Vec<Spanned<String>>,
    /// The other layers that it knows.
    #[serde(default)]
    pub uses: Vec<Spanned<String>>,
    /// The roles and packages that it names; all of its crate, if this is left out.
    pub names: Option<Vec<Spanned<String>>>,
    /// The lists of what it must not name.
    #[serde(default)]
    pub forbids: Vec<Spanned<String>>,
    /// Whether nothing in it waits.
    #[serde(default)]
    pub sync: bool,
}

/// What must not be named, and why.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forbidden {
    /// Why not.
    pub why: String,
    /// What to do instead.
    pub instead: String,
    /// Paths: one segment is a crate, several are looked for anywhere in a path.
    pub paths: Vec<String>,
}

impl Layer {
    /// Its folders below `src`.
    pub fn folders<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        match self.folders.as_slice() {
            [] => vec![name],
            folders => folders.iter().map(|folder| folder.get_ref().as_str()).collect(),
        }
    }
}

/// The layers of a role, by the folders that they are in.
pub(crate) struct Layers<'a>(BTreeMap<&'a str, (&'a str, &'a Layer)>);

impl<'a> Layers<'a> {
    pub(crate) fn of(layers: &'a BTreeMap<Spanned<String>, Layer>, role: &str) -> Self {
        let own = layers.iter().filter(|(_, layer)| layer.role == role);
        let by_folder = own.flat_map(|(name, layer)| {
            let name = name.get_ref().as_str();
            layer.folders(name).into_iter().map(move |folder| (folder, (name, layer)))
        });
        Self(by_folder.collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The layer of a file in a folder. `src/domain.rs` is of that of `src/domain/`.
    pub(crate) fn of_file(&self, folder: &str, path: &str) -> Option<(&'a str, &'a Layer)> {
        let called = if folder.is_empty() { self.0.get(stem(path)) } else { None };
        called.or_else(|| self.0.get(folder)).copied()
    }

    /// The layer of what a path leads to: that of its folder, else that of what lies directly below `src`.
    pub(crate) fn behind(&self, folder: &str) -> Option<(&'a str, &'a Layer)> {
        self.0.get(folder).or_else(|| self.0.get("")).copied()
    }
}

/// The name of a file, without its ending.
pub(crate) fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs")
}
