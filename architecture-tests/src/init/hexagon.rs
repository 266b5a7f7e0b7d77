use super::draft::{Place, RoleDraft};
use super::graph::Graph;
use super::groups::is_run;
use super::names::{has, patterns, place};
use crate::facts::Workspace;

pub(super) const DOMAIN: [&str; 5] = ["domain", "model", "models", "entities", "entity"];
pub(super) const APPLICATION: [&str; 7] =
    ["application", "app", "usecase", "usecases", "use_cases", "services", "ports"];
pub(super) const ADAPTERS: [&str; 13] = [
    "adapter",
    "adapters",
    "infra",
    "infrastructure",
    "persistence",
    "db",
    "database",
    "storage",
    "postgres",
    "sqlite",
    "http",
    "web",
    "grpc",
];

/// A ring of the hexagon, from the middle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ring {
    Shared,
    Domain,
    Application,
    Adapters,
    Root,
}

/// Each ring with what it is called, what it is, and the rings that it may know.
const RINGS: [(Ring, &str, &str, &[&str]); 5] = [
    (Ring::Shared, "shared", "words that all share, the domain too", &["shared"]),
    (Ring::Domain, "domain", "the rules of the business: it knows nobody", &["domain", "shared"]),
    (
        Ring::Application,
        "application",
        "what is done with the domain, and the ports that it needs for that",
        &["application", "domain", "shared"],
    ),
    (
        Ring::Adapters,
        "adapters",
        "what reaches the outside, behind ports",
        &["adapters", "application", "domain", "shared"],
    ),
    (
        Ring::Root,
        "root",
        "what puts the rest together",
        &["adapters", "application", "domain", "root", "shared"],
    ),
];

/// Why a workspace looks like one: crates, or folders of one crate, are called so.
pub(super) fn is_seen(workspace: &Workspace) -> Option<String> {
    let names: Vec<&str> = workspace.crates.iter().map(|one| place(one).1).collect();
    let folders: Vec<&str> =
        workspace.crates.iter().flat_map(|one| one.folders().map(|(folder, _)| folder)).collect();
    let seen = |all: &[&str], words: &[&str]| {
        all.iter().any(|name| has(name, words) || words.contains(name))
    };
    let whole =
        |all: &[&str]| seen(all, &DOMAIN) && seen(all, &APPLICATION) && seen(all, &ADAPTERS);
    if whole(&names) {
        Some("crates are called after a domain, an application and adapters".to_owned())
    } else {
        whole(&folders)
            .then(|| "folders are called after a domain, an application and adapters".to_owned())
    }
}

/// The ring that a name says.
pub(super) fn named(name: &str) -> Option<Ring> {
    let is = |words: &[&str]| has(name, words) || words.contains(&name);
    match () {
        () if is(&DOMAIN) => Some(Ring::Domain),
        () if is(&APPLICATION) => Some(Ring::Application),
        () if is(&ADAPTERS) => Some(Ring::Adapters),
        () => None,
    }
}

/// The roles of a hexagon. What is called nothing of the kind is shared where the domain stands on it, the root where it is run,
/// and else an adapter.
pub(super) fn roles(workspace: &Workspace) -> Vec<RoleDraft> {
    let graph = Graph::of(workspace);
    let named = |at: usize| named(place(&workspace.crates[at]).1);
    let inner = |at: usize| matches!(named(at), Some(Ring::Domain | Ring::Application));
    let below = graph.below((0..workspace.crates.len()).filter(|at| inner(*at)));
    let ring = |at: usize| match named(at) {
        Some(Ring::Domain) => Ring::Domain,
        _ if is_run(workspace, &graph, at) => Ring::Root,
        Some(ring) => ring,
        None if below.contains(&at) => Ring::Shared,
        None => Ring::Adapters,
    };
    let role = |(wanted, name, is, may): (Ring, &str, &str, &[&str])| {
        let members: Vec<usize> =
            (0..workspace.crates.len()).filter(|at| ring(*at) == wanted).collect();
        RoleDraft {
            name: name.to_owned(),
            is: is.to_owned(),
            patterns: patterns(workspace, &members),
            members,
            place: if wanted == Ring::Root { Place::Root } else { Place::Inside },
            chooses: wanted == Ring::Domain,
            may_use: Some(may.iter().map(ToString::to_string).collect()),
        }
    };
    RINGS.into_iter().map(role).filter(|role| !role.members.is_empty()).collect()
}
