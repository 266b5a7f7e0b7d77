use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, LayerDraft};
use super::hexagon::{ADAPTERS, APPLICATION, DOMAIN, Ring, named};
use crate::facts::{Crate, File, Workspace};
use crate::plan::stem;

/// Adds layers for the folders in crates of a role: where the workspace is one crate, or folders are called after a domain and
/// what is around it. Each knows today's neighbours; a folder that is called so knows none further out, and folders that know
/// each other in a circle are one layer.
pub(super) fn draft(workspace: &Workspace, draft: &mut Draft) {
    let mut layers: Vec<LayerDraft> = Vec::new();
    for role in &draft.roles {
        let crates: Vec<&Crate> = role.members.iter().map(|at| &workspace.crates[*at]).collect();
        let folders: BTreeSet<&str> = crates.iter().flat_map(|one| names(one)).collect();
        let is_alone = workspace.crates.len() == 1 && folders.len() > 1;
        if is_alone || is_layered(&crates) {
            let made = of_role(draft, &role.name, &crates, &folders);
            let is_new = |layer: &LayerDraft| layers.iter().all(|known| known.name != layer.name);
            if made.iter().all(is_new) {
                layers.extend(made);
            }
        }
    }
    draft.layers = layers;
}

/// The folders below `src` with code that is shipped.
fn names(one: &Crate) -> impl Iterator<Item = &str> {
    let live = one.folders().filter(|(_, source)| !source.is_test);
    live.map(|(folder, _)| folder).filter(|folder| !matches!(*folder, "" | "bin"))
}

fn is_layered(crates: &[&Crate]) -> bool {
    let has = |words: &[&str]| {
        let named = |one: &&&Crate| names(one).any(|folder| words.contains(&folder));
        crates.iter().filter(named).count() * 2 >= crates.len().max(1)
    };
    has(&DOMAIN) && (has(&APPLICATION) || has(&ADAPTERS))
}

fn of_role(
    draft: &Draft,
    role: &str,
    crates: &[&Crate],
    folders: &BTreeSet<&str>,
) -> Vec<LayerDraft> {
    let edges = edges(crates, folders);
    let mut layers: Vec<LayerDraft> = Vec::new();
    let mut of: BTreeMap<&str, String> = BTreeMap::new();
    of.insert("", ROOT.to_owned());
    for circle in circles(folders, &edges) {
        let name = circle.first().map(|first| name_of(first)).unwrap_or_default();
        of.extend(circle.iter().map(|folder| (*folder, name.clone())));
        let folders: Vec<String> = circle.iter().map(ToString::to_string).collect();
        let is = if folders.len() > 1 {
            "folders that know each other in a circle".to_owned()
        } else {
            format!("the folder `{name}`")
        };
        layers.push(LayerDraft {
            name,
            is,
            role: role.to_owned(),
            folders,
            ..LayerDraft::default()
        });
    }
    for (from, to) in &edges {
        let (Some(from), Some(to)) = (of.get(from), of.get(to)) else { continue };
        let layer = layers.iter_mut().find(|layer| layer.name == *from && from != to);
        if let Some(layer) = layer {
            layer.uses.insert(to.clone());
        }
    }
    for layer in layers.iter_mut().filter(|layer| named(&layer.name) == Some(Ring::Domain)) {
        layer.names = Some(packages(draft, crates, &layer.folders));
    }
    layers.push(root(role, crates, &of));
    layers
}

/// The layer of what lies directly below `src`.
const ROOT: &str = "root";

/// A layer is called after its folder, and never as that of the files directly below `src`.
fn name_of(folder: &str) -> String {
    if folder == ROOT { "root-folder".to_owned() } else { folder.to_owned() }
}

/// The folder that a file is of: `src/domain.rs` is of `src/domain/`, where there is one.
fn folder_of<'a>(folders: &BTreeSet<&'a str>, folder: &'a str, file: &File) -> &'a str {
    let called = folders.get(stem(&file.path)).filter(|_| folder.is_empty());
    called.copied().unwrap_or(folder)
}

/// What lies directly below `src`, and programs, may know all that they do.
fn root(role: &str, crates: &[&Crate], of: &BTreeMap<&str, String>) -> LayerDraft {
    let live = crates.iter().flat_map(|one| one.folders().map(move |file| (*one, file)));
    let known: BTreeSet<&str> = of.keys().copied().collect();
    let placed = live.map(|(one, (folder, file))| (one, (folder_of(&known, folder, file), file)));
    let own: Vec<_> = placed.filter(|(_, (folder, _))| matches!(*folder, "" | "bin")).collect();
    let folders: BTreeSet<&str> = own.iter().map(|(_, (folder, _))| *folder).collect();
    let reached = own.into_iter().flat_map(|(one, (_, source))| {
        source.live().filter_map(move |named| one.folder_behind(source, named)).collect::<Vec<_>>()
    });
    let uses = reached.filter_map(|folder| of.get(folder.as_str()).cloned());
    let uses = uses.filter(|used| used != ROOT).collect();
    LayerDraft {
        name: ROOT.to_owned(),
        is: "what puts the folders together".to_owned(),
        role: role.to_owned(),
        folders: folders.into_iter().map(str::to_owned).collect(),
        uses,
        names: None,
    }
}

/// Which folder names which, or what lies directly below `src`, but for what leads out of a ring: that is found, and stands in
/// the baseline.
fn edges<'a>(crates: &[&'a Crate], folders: &BTreeSet<&'a str>) -> BTreeSet<(&'a str, &'a str)> {
    let mut edges = BTreeSet::new();
    for one in crates {
        let files = one.folders().map(|(folder, file)| (folder_of(folders, folder, file), file));
        for (from, source) in files.filter(|(folder, _)| folders.contains(folder)) {
            let reached = source.live().filter_map(|named| one.folder_behind(source, named));
            let reached = reached.map(|to| folders.get(to.as_str()).copied().unwrap_or_default());
            let inwards = reached.filter(|to| *to != from && !is_outwards(from, to));
            edges.extend(inwards.map(|to| (from, to)));
        }
    }
    edges
}

fn is_outwards(from: &str, to: &str) -> bool {
    matches!((named(from), named(to)), (Some(from), Some(to)) if from < to)
}

/// The folders, each with those that it knows in a circle.
fn circles<'a>(
    folders: &BTreeSet<&'a str>,
    edges: &BTreeSet<(&'a str, &'a str)>,
) -> Vec<Vec<&'a str>> {
    let reached = |from: &'a str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            let next = edges.iter().filter(|(from, _)| *from == at).map(|(_, to)| *to);
            open.extend(next.filter(|to| seen.insert(*to)));
        }
        seen
    };
    let all: BTreeMap<&str, BTreeSet<&str>> =
        folders.iter().map(|from| (*from, reached(from))).collect();
    let mut circles: Vec<Vec<&str>> = Vec::new();
    for folder in folders {
        let is_same = |first: &&str| all[folder].contains(first) && all[first].contains(folder);
        match circles.iter_mut().find(|circle| circle.first().is_some_and(&is_same)) {
            Some(circle) => circle.push(folder),
            None => circles.push(vec![folder]),
        }
    }
    circles
}

/// The roles and packages that folders name, as `names` of a layer says them.
fn packages(draft: &Draft, crates: &[&Crate], folders: &[String]) -> BTreeSet<String> {
    let mut packages = BTreeSet::new();
    for one in crates {
        let is_own = |folder: &str| folders.iter().any(|own| own == folder);
        let own = one.folders().filter(|(folder, file)| {
            is_own(folder) || folder.is_empty() && is_own(stem(&file.path))
        });
        for named in own.flat_map(|(_, source)| source.live()) {
            let edge = one.edges.iter().find(|edge| edge.declared.is_called(named.first()));
            let role = |to: usize| Some(draft.role_of(to)?.name.clone());
            packages.extend(
                edge.and_then(|edge| edge.to.map_or(Some(edge.declared.package.clone()), role)),
            );
        }
    }
    packages
}
