use std::collections::BTreeMap;
use std::sync::Arc;

use super::kept::Kept;
use super::{Dependency, Manifest, Named, Source, joined};
use crate::plan::{Pattern, Plan};

/// A member of the workspace.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Its manifest.
    pub manifest: Arc<Manifest>,
    /// Every role whose patterns match its folder; exactly one, where all is well.
    pub roles: Vec<String>,
    /// The context that it belongs to, if it belongs to one.
    pub context: Option<String>,
    /// Its source files, tests and all.
    pub sources: Vec<File>,
    /// What it depends on.
    pub edges: Vec<Edge>,
}

/// A source file of a crate.
#[derive(Debug, Clone)]
pub struct File {
    source: Arc<Source>,
    /// Whether tests alone are built of it.
    pub is_test: bool,
}

/// What a crate depends on.
#[derive(Debug, Clone)]
pub struct Edge {
    /// As it is declared.
    pub declared: Dependency,
    /// The member behind it; none if it comes from outside.
    pub to: Option<usize>,
}
impl File {
    /// The paths that are not in tests.
    pub fn live(&self) -> impl Iterator<Item = &Named> {
        self.paths.iter().filter(move |named| !named.in_test && !self.is_test)
    }
}

impl std::ops::Deref for File {
    type Target = Source;

    fn deref(&self) -> &Source {
        &self.source
    }
}

impl Crate {
    /// The package's name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// What sources call it.
    pub fn ident(&self) -> String {
        self.manifest.name.replace('-', "_")
    }

    /// Its context, as it is told.
    pub fn context(&self) -> &str {
        self.context.as_deref().unwrap_or("no context")
    }
}

pub(super) fn members(root: &Manifest, manifests: &Kept<Manifest>, plan: &Plan) -> Vec<Crate> {
    let is_in = |patterns: &[String], folder: &str| {
        patterns.iter().any(|pattern| Pattern::new(pattern.trim_end_matches('/')).matches(folder))
    };
    let is_member = |manifest: &&Arc<Manifest>| {
        let folder = &manifest.folder;
        let listed = is_in(&root.members, folder) && !is_in(&root.excluded, folder);
        !manifest.name.is_empty() && (listed || folder.is_empty())
    };
    let mut crates: Vec<Crate> = manifests
        .all()
        .map(|(_, manifest)| manifest)
        .filter(is_member)
        .map(|manifest| {
            let roles = plan.roles_of(&manifest.folder);
            let context = roles.iter().find_map(|(_, context)| context.map(str::to_owned));
            let roles = roles.into_iter().map(|(role, _)| role.to_owned()).collect();
            let (sources, edges) = (Vec::new(), Vec::new());
            Crate { manifest: Arc::clone(manifest), roles, context, sources, edges }
        })
        .collect();
    crates.sort_by(|one, other| one.manifest.folder.cmp(&other.manifest.folder));
    let by_folder: BTreeMap<String, usize> =
        crates.iter().enumerate().map(|(at, one)| (one.manifest.folder.clone(), at)).collect();
    for one in &mut crates {
        one.edges = edges(&one.manifest, root, &by_folder);
    }
    crates
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

/// The member whose folder a file lies in, the deepest.
pub(super) fn owner(crates: &[Crate], path: &str) -> Option<usize> {
    let is_in = |one: &Crate| {
        let folder = &one.manifest.folder;
        folder.is_empty()
            || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let holding = crates.iter().enumerate().filter(|(_, one)| is_in(one));
    holding.max_by_key(|(_, one)| one.manifest.folder.len()).map(|(at, _)| at)
}

/// Gives every crate its files, and says of each whether tests alone are built of it.
pub(super) fn give_sources(crates: &mut [Crate], sources: &Kept<Source>) {
    for (path, source) in sources.all() {
        if let Some(owner) = owner(crates, path) {
            crates[owner].sources.push(File { source: Arc::clone(source), is_test: false });
        }
    }
    for one in crates {
        let folders: Vec<String> =
            one.sources.iter().flat_map(|source| test_folders(source)).collect();
        let folder = &one.manifest.folder;
        for file in &mut one.sources {
            let inside = file
                .path
                .strip_prefix(folder.as_str())
                .unwrap_or(&file.path)
                .trim_start_matches('/');
            let besides =
                ["tests/", "benches/", "examples/"].iter().any(|folder| inside.starts_with(folder));
            let declared = folders.iter().any(|folder| {
                file.path
                    .strip_prefix(folder.as_str())
                    .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            });
            file.is_test = besides || declared;
        }
    }
}

/// Where the modules are that a file declares for tests alone, without their ending.
fn test_folders(source: &Source) -> Vec<String> {
    if source.test_modules.is_empty() {
        return Vec::new();
    }
    let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let own = match file {
        "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
        file => joined(folder, file.trim_end_matches(".rs")),
    };
    source.test_modules.iter().map(|module| joined(&own, module)).collect()
}
