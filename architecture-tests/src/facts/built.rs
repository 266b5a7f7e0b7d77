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
        let Some(one) = packages.owner(path).and_then(|owner| crates.get_mut(owner)) else { continue };
        let below_src = path.starts_with(&format!("{}/", one.path("src")));
        if below_src || built.has(one, path) {
            one.sources.push(File { source: Arc::clone(source), is_test: false });
        }
    }
    for one in crates {
        let tested: BTreeSet<String> =
            one.sources.iter().flat_map(|file| below(&file.source, &file.test_modules)).collect();
        let folder = one.manifest.folder.clone();
        for file in &mut one.sources {
            let inside = file.source.path.strip_prefix(&folder).unwrap_or(&file.source.path);
            let inside = inside.trim_start_matches('/');
            let besides = ["tests/", "benches/", "examples/"].iter().any(|besides| inside.starts_with(besides));
            file.is_test = besides || is_in(&tested, &file.source.path);
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

/// The files that targets begin with, and those that others declare or take in as code.
struct Built(BTreeSet<String>);

impl Built {
    fn of(crates: &[Crate], sources: &Kept<Source>) -> Self {
        let said = crates.iter().flat_map(|one| one.manifest.targets.iter().cloned());
        let mut built: BTreeSet<String> = said.collect();
        for (_, source) in sources.all() {
            let folder = folder_of(source);
            built.extend(below(source, &source.modules));
            // A target's own file declares its modules beside itself, whatever it is called.
            built.extend(source.modules.iter().flat_map(|module| both(folder, module)));
            let code = source.taken_in.iter().filter(|taken| matches!(&*taken.within, "path" | "include"));
            built.extend(code.map(|taken| joined(folder, &taken.text)));
        }
        Self(built)
    }

    fn has(&self, one: &Crate, path: &str) -> bool {
        let inside = path.strip_prefix(&one.manifest.folder).unwrap_or(path).trim_start_matches('/');
        is_root(inside) || self.0.contains(path)
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

/// The files that these modules of a file can have.
fn below(source: &Source, modules: &[String]) -> Vec<String> {
    let folder = folder_of(source);
    let own = match source.path.rsplit('/').next().unwrap_or_default() {
        "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
        file => joined(folder, file.trim_end_matches(".rs")),
    };
    modules.iter().flat_map(|module| both(&own, module)).collect()
}

fn both(folder: &str, module: &str) -> [String; 2] {
    [joined(folder, &format!("{module}.rs")), joined(folder, &format!("{module}/mod.rs"))]
}

fn folder_of(source: &Source) -> &str {
    source.path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a file is one of these, or lies in a folder of one of them.
fn is_in(files: &BTreeSet<String>, path: &str) -> bool {
    let is_below = |file: &String| {
        let folder = file.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    files.contains(path) || files.iter().any(is_below)
}
