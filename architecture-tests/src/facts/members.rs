use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::kept::Kept;
use super::{Crate, Dependency, Edge, Manifest};
use crate::plan::{Pattern, Plan};

/// Which folders are members, as Cargo decides it.
pub(super) struct Members<'a> {
    root: &'a Manifest,
    manifests: &'a Kept<Manifest>,
}

impl<'a> Members<'a> {
    pub(super) fn new(root: &'a Manifest, manifests: &'a Kept<Manifest>) -> Self {
        Self { root, manifests }
    }

    /// The crates of the workspace, by folder, without their sources.
    pub(super) fn crates(&self, plan: &Plan) -> Vec<Crate> {
        let folders = self.folders();
        let manifests = folders.iter().filter_map(|folder| self.manifest(folder));
        let mut crates: Vec<Crate> = manifests
            .map(|manifest| {
                let roles = plan.roles_of(&manifest.folder);
                let context = roles.iter().find_map(|(_, context)| context.map(str::to_owned));
                let context = context.or_else(|| plan.context_of(&manifest.folder));
                let roles = roles.into_iter().map(|(role, _)| role.to_owned()).collect();
                let (sources, edges) = (Vec::new(), Vec::new());
                Crate { manifest: Arc::clone(manifest), roles, context, sources, edges }
            })
            .collect();
        let by_folder: BTreeMap<String, usize> =
            crates.iter().enumerate().map(|(at, one)| (one.manifest.folder.clone(), at)).collect();
        let manifests: Vec<Arc<Manifest>> =
            crates.iter().map(|one| Arc::clone(&one.manifest)).collect();
        for one in &mut crates {
            one.edges = edges(&one.manifest, self.root, &by_folder);
            for edge in &mut one.edges {
                let is_renamed = edge.declared.name != edge.declared.package;
                let library = edge.to.and_then(|to| manifests[to].library.clone());
                edge.declared.library = library.filter(|_| !is_renamed);
            }
        }
        crates
    }

    /// Whether Cargo reads the manifest of a folder: it is listed, or a member depends on it by its path.
    pub(super) fn asks_for(&self, folder: &str) -> bool {
        let is_named = |one: &String| {
            let manifest = self.manifest(one);
            let declared = manifest.into_iter().flat_map(|manifest| &manifest.dependencies);
            declared.filter_map(|edge| self.path_of(edge)).any(|path| path == folder)
        };
        folder.is_empty() || self.is_listed(folder) || self.folders().iter().any(is_named)
    }

    fn manifest(&self, folder: &str) -> Option<&'a Arc<Manifest>> {
        let path = if folder.is_empty() {
            "Cargo.toml".to_owned()
        } else {
            format!("{folder}/Cargo.toml")
        };
        self.manifests.get(&path).filter(|manifest| !manifest.name.is_empty())
    }

    /// The package at the root, those that patterns list, and those that members reach by paths.
    fn folders(&self) -> BTreeSet<String> {
        let listed = self.manifests.all().map(|(_, manifest)| manifest.folder.clone());
        let is_member = |folder: &String| folder.is_empty() || self.is_listed(folder);
        let mut open: Vec<String> = listed.filter(is_member).collect();
        let mut folders = BTreeSet::new();
        while let Some(folder) = open.pop() {
            let Some(manifest) = self.manifest(&folder) else { continue };
            if folders.insert(folder) && self.root.is_workspace {
                let paths = manifest.dependencies.iter().filter_map(|edge| self.path_of(edge));
                open.extend(paths.filter(|path| self.is_joined(path)).map(str::to_owned));
            }
        }
        folders
    }

    fn is_listed(&self, folder: &str) -> bool {
        let matches = |pattern: &String| Pattern::new(plain(pattern)).matches(folder);
        self.root.members.iter().any(matches) && !self.is_excluded(folder)
    }

    /// Whether a crate that a member reaches by its path is a member for that.
    fn is_joined(&self, folder: &str) -> bool {
        let is_own = self.manifest(folder).is_some_and(|manifest| !manifest.is_workspace);
        is_own && !folder.starts_with("..") && !self.is_excluded(folder)
    }

    fn is_excluded(&self, folder: &str) -> bool {
        let is_below = |path: &String| {
            let rest = folder.strip_prefix(plain(path));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.root.excluded.iter().any(is_below) && !self.root.members.iter().any(is_below)
    }

    fn path_of<'b>(&'b self, declared: &'b Dependency) -> Option<&'b str> {
        let inherited = self.root.inherited.get(&declared.name);
        inherited.filter(|_| declared.from_workspace).unwrap_or(declared).path.as_deref()
    }
}

/// A path as Cargo takes it: without what says nothing.
fn plain(path: &str) -> &str {
    path.trim_start_matches("./").trim_end_matches('/')
}

fn edges(manifest: &Manifest, root: &Manifest, members: &BTreeMap<String, usize>) -> Vec<Edge> {
    let edge = |declared: &Dependency| {
        let inherited = root.inherited.get(&declared.name).filter(|_| declared.from_workspace);
        let path = inherited.map_or(&declared.path, |inherited| &inherited.path);
        let package = inherited.map_or(&declared.package, |inherited| &inherited.package).clone();
        let to = path.as_ref().and_then(|path| members.get(path)).copied();
        Edge { declared: Dependency { package, ..declared.clone() }, to }
    };
    manifest.dependencies.iter().map(edge).collect()
}
