use std::collections::{BTreeMap, BTreeSet};

use super::names::{family, house, place, words};
use crate::facts::{Crate, Workspace};

const CONTRACTS: [&str; 5] = ["contract", "contracts", "api", "interface", "interfaces"];
/// Folders that lie beside those of contexts and are none.
const SHARED: [&str; 11] = [
    "shared", "common", "core", "kernel", "platform", "support", "util", "utils", "lib", "libs",
    "base",
];

/// Which member belongs to which part of the business, and which of them are contracts.
pub(super) struct Contexts {
    pub(super) of: Vec<Option<String>>,
    pub(super) contracts: BTreeSet<usize>,
    /// The folder whose folders are contexts, where they are.
    pub(super) above: Option<String>,
}

impl Contexts {
    /// Those of at least two contexts with contracts: by folders, or by names.
    pub(super) fn with_contracts(workspace: &Workspace) -> Option<Self> {
        let by_folder = parents(workspace).into_iter().map(|above| Self::below(workspace, &above));
        let named = by_folder.chain([Self::by_contract(workspace)]);
        let most = named.max_by_key(|contexts| contexts.contracts.len())?;
        (most.contracts.len() > 1).then_some(most)
    }

    /// Those of a workspace that has no contracts: folders of several crates, and families of names.
    pub(super) fn without_contracts(workspace: &Workspace) -> Self {
        let house = house(workspace);
        let named = |one: &Crate| {
            let (above, name) = place(one);
            let folder = above.rsplit('/').next().unwrap_or_default();
            if folder == "crates" || above.is_empty() {
                family(name, house).to_owned()
            } else {
                folder.to_owned()
            }
        };
        let all: Vec<String> = workspace.crates.iter().map(named).collect();
        let count = |name: &String| all.iter().filter(|other| *other == name).count();
        let is_context = |name: &&String| count(name) > 1 && !SHARED.contains(&name.as_str());
        let of = all.iter().map(|name| Some(name).filter(is_context).cloned()).collect();
        Self { of, contracts: BTreeSet::new(), above: None }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self.of.iter().flatten().map(String::as_str).collect();
        names.into_iter().collect()
    }

    /// Every folder below this one is a context, where it has a contract or is not what the others share.
    fn below(workspace: &Workspace, above: &str) -> Self {
        let mut of: Vec<Option<String>> = Vec::new();
        let mut contracts = BTreeSet::new();
        for (at, one) in workspace.crates.iter().enumerate() {
            let below =
                one.manifest.folder.strip_prefix(above).and_then(|rest| rest.strip_prefix('/'));
            let context = below.map(|below| below.split('/').next().unwrap_or(below));
            if below.is_some_and(|below| below.contains('/'))
                && words(place(one).1).last().is_some_and(is_contract)
            {
                contracts.insert(at);
            }
            of.push(context.map(str::to_owned));
        }
        let open: BTreeSet<String> = contracts.iter().filter_map(|at| of[*at].clone()).collect();
        let shared = shared(workspace, &of, &contracts);
        for context in &mut of {
            let is_one = context.as_ref().is_some_and(|name| {
                open.contains(name) || !SHARED.contains(&name.as_str()) && !shared.contains(name)
            });
            *context = context.take().filter(|_| is_one);
        }
        Self { of, contracts, above: Some(above.to_owned()) }
    }

    /// `orders-contract` beside `orders` or `orders-…` makes a context.
    fn by_contract(workspace: &Workspace) -> Self {
        let mut stems: BTreeMap<String, usize> = BTreeMap::new();
        for (at, one) in workspace.crates.iter().enumerate() {
            let (above, name) = place(one);
            let stem = name.rsplit_once(['-', '_']).filter(|(_, last)| is_contract(last));
            let Some((stem, _)) = stem else { continue };
            let stem = format!("{above}/{stem}");
            let is_other = |(other, one): (usize, &Crate)| other != at && is_of(one, &stem);
            if workspace.crates.iter().enumerate().any(is_other) {
                stems.insert(stem, at);
            }
        }
        let own = |one: &Crate| {
            let longest =
                stems.keys().filter(|stem| is_of(one, stem)).max_by_key(|stem| stem.len())?;
            longest.rsplit('/').next().map(str::to_owned)
        };
        let of = workspace.crates.iter().map(own).collect();
        Self { of, contracts: stems.into_values().collect(), above: None }
    }
}

fn is_contract(word: &str) -> bool {
    CONTRACTS.contains(&word)
}

/// Whether a crate is called after a stem with its folder.
fn is_of(one: &Crate, stem: &str) -> bool {
    let (above, name) = place(one);
    let rest =
        stem.strip_prefix(above).and_then(|stem| name.strip_prefix(stem.trim_start_matches('/')));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

/// The folders that have folders of crates.
fn parents(workspace: &Workspace) -> BTreeSet<String> {
    let folders = workspace.crates.iter().map(|one| place(one).0);
    let above = folders
        .flat_map(|folder| folder.match_indices('/').map(move |(end, _)| folder[..end].to_owned()));
    above.collect()
}

/// The folders that a contract is built of.
fn shared(
    workspace: &Workspace,
    of: &[Option<String>],
    contracts: &BTreeSet<usize>,
) -> BTreeSet<String> {
    let edges = contracts
        .iter()
        .flat_map(|at| workspace.crates[*at].edges.iter().map(move |edge| (*at, edge)));
    let others = edges.filter_map(|(at, edge)| {
        let to = edge.to?;
        of[to].clone().filter(|_| of[to] != of[at] && !contracts.contains(&to))
    });
    others.collect()
}
