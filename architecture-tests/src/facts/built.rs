use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::kept::Kept;
use super::{Crate, File, Manifest, Source, joined};
use crate::Unread;

/// The folders of all packages, each with the place of its crate; none if it is no member.
pub(super) struct Packages(BTreeMap<String, Option<usize>>);

impl Packages {
    pub(super) fn of(manifests: &Kept<Manifest>, crates: &[Crate]) -> Self {
        let packages = manifests.all().map(|(_, manifest)| manifest);
        let packages = packages.filter(|manifest| !manifest.name.is_empty());
        let mut folders: BTreeMap<String, Option<usize>> =
            packages.map(|manifest| (manifest.folder.clone(), None)).collect();
        let members = crates.iter().enumerate();
        folders.extend(members.map(|(at, one)| (one.manifest.folder.clone(), Some(at))));
        Self(folders)
    }

    /// The member whose folder a file lies in, if the deepest package around it is one.
    pub(super) fn owner(&self, path: &str) -> Option<usize> {
        let mut folder = path;
        loop {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            match self.0.get(folder) {
                Some(owner) => return *owner,
                None if folder.is_empty() => return None,
                None => {}
            }
        }
    }
}

/// Gives every crate its files, and says of each whether tests alone are built of it. A file that no target begins with and no
/// other declares is built of nothing: a fixture. Below `src` it is taken all the same, for a macro may declare it.
pub(super) fn give_sources(crates: &mut [Crate], packages: &Packages, sources: &Kept<Source>) {
    let built = Built::of(crates, sources);
    for (path, source) in sources.all() {
        let Some(one) = packages.owner(path).and_then(|owner| crates.get_mut(owner)) else {
            continue;
        };
        let inside = path.strip_prefix(&one.manifest.folder).unwrap_or(path);
        if inside.trim_start_matches('/').starts_with("src/") || built.has(one, path) {
            one.sources.push(File { source: Arc::clone(source), is_test: false });
        }
    }
    for one in crates {
        let tested: Vec<String> =
            one.sources.iter().flat_map(|file| test_modules(&file.source)).collect();
        let folder = one.manifest.folder.clone();
        for file in &mut one.sources {
            let inside = file.source.path.strip_prefix(&folder).unwrap_or(&file.source.path);
            let inside = inside.trim_start_matches('/');
            let besides = ["tests/", "benches/", "examples/"]
                .iter()
                .any(|besides| inside.starts_with(besides));
            let is_in = |module: &String| {
                let rest = file.source.path.strip_prefix(module.as_str());
                rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            };
            file.is_test = besides || tested.iter().any(is_in);
        }
    }
}

/// What could not be read and is built: the rest is a fixture.
pub(super) fn missed(
    crates: &[Crate],
    packages: &Packages,
    sources: &Kept<Source>,
    unread: Vec<Unread>,
) -> Vec<Unread> {
    if unread.is_empty() {
        return unread;
    }
    let built = Built::of(crates, sources);
    let owner = |path: &str| packages.owner(path).and_then(|owner| crates.get(owner));
    let is_built =
        |unread: &Unread| owner(&unread.path).is_some_and(|one| built.has(one, &unread.path));
    unread.into_iter().filter(is_built).collect()
}

/// What is built: what a target begins with, and what another file declares or takes in as code.
struct Built<'a> {
    sources: &'a Kept<Source>,
    said: BTreeSet<String>,
}

impl<'a> Built<'a> {
    fn of(crates: &[Crate], sources: &'a Kept<Source>) -> Self {
        let said =
            crates.iter().flat_map(|one| one.manifest.targets.iter().map(|(path, _)| path.clone()));
        let mut said: BTreeSet<String> = said.collect();
        for (_, source) in sources.all() {
            let code =
                source.taken_in.iter().filter(|taken| matches!(&*taken.within, "path" | "include"));
            said.extend(code.map(|taken| joined(folder_of(&source.path), &taken.text)));
        }
        Self { sources, said }
    }

    fn has(&self, one: &Crate, path: &str) -> bool {
        let inside =
            path.strip_prefix(&one.manifest.folder).unwrap_or(path).trim_start_matches('/');
        is_root(inside) || self.said.contains(path) || self.is_declared(path)
    }

    /// Whether a file beside it or above it declares it as a module.
    fn is_declared(&self, path: &str) -> bool {
        let module = path.strip_suffix("/mod.rs").or(path.strip_suffix(".rs")).unwrap_or(path);
        let (folder, name) = module.rsplit_once('/').unwrap_or(("", module));
        let declares = |source: &Source| source.modules.iter().any(|module| module == name);
        let above = self.sources.get(&format!("{folder}.rs"));
        let beside = self.sources.under(folder).filter(|(path, _)| folder_of(path) == folder);
        above.is_some_and(|source| declares(source))
            || beside.into_iter().any(|(_, source)| declares(source))
    }
}

/// Whether Cargo builds a target of a file without being told.
fn is_root(inside: &str) -> bool {
    let below = |folder: &str| {
        let rest = inside.strip_prefix(folder).unwrap_or("a/b/c");
        !rest.contains('/') || rest.split_once('/').is_some_and(|(_, file)| file == "main.rs")
    };
    matches!(inside, "src/lib.rs" | "src/main.rs" | "build.rs")
        || ["src/bin/", "tests/", "benches/", "examples/"].iter().any(|folder| below(folder))
}

/// Where the modules are that a file declares for tests alone, without their ending.
fn test_modules(source: &Source) -> impl Iterator<Item = String> {
    let folder = folder_of(&source.path);
    let own = match source.path.rsplit('/').next().unwrap_or_default() {
        "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
        file => joined(folder, file.trim_end_matches(".rs")),
    };
    source.test_modules.iter().map(move |module| joined(&own, module))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
