//! What features turn on.

use std::collections::BTreeSet;

use crate::facts::{Crate, Workspace};

/// The crates that put contexts together.
pub(super) fn roots(workspace: &Workspace) -> impl Iterator<Item = &Crate> {
    workspace.crates.iter().filter(|one| workspace.role(one).is_some_and(|role| role.root))
}

/// The optional dependencies that features of a crate turn on, features that they turn on included.
pub(super) fn turned_on<'a>(one: &'a Crate, features: &[&'a str]) -> BTreeSet<&'a str> {
    let mut open: Vec<&str> = features.to_vec();
    let (mut seen, mut on) = (BTreeSet::new(), BTreeSet::new());
    while let Some(feature) = open.pop() {
        if !seen.insert(feature) {
            continue;
        }
        let enables = one.manifest.features.get(feature).map(|feature| feature.enables.as_slice());
        for enabled in enables.unwrap_or_default() {
            match enabled.strip_prefix("dep:") {
                Some(dependency) => drop(on.insert(dependency)),
                None => match enabled.split_once('/') {
                    Some((dependency, _)) => drop(on.insert(dependency.trim_end_matches('?'))),
                    None => open.push(enabled),
                },
            }
        }
    }
    on
}

/// The contexts that a root can host: those of its optional implementations.
pub(super) fn hosted<'a>(workspace: &'a Workspace, root: &'a Crate) -> BTreeSet<&'a str> {
    let optional = root.edges.iter().filter(|edge| edge.declared.optional);
    let members = optional.filter_map(|edge| edge.to.map(|to| &workspace.crates[to]));
    members.filter(|to| !workspace.is_open(to)).filter_map(|to| to.context.as_deref()).collect()
}

/// The contexts whose address a context needs: those that it calls, and those at the other end of its events.
pub(super) fn around<'a>(workspace: &'a Workspace, context: &str) -> BTreeSet<&'a str> {
    let mut around = BTreeSet::new();
    for (name, planned) in &workspace.plan.context {
        let producers =
            planned.listens.keys().filter_map(|event| event.get_ref().split('.').next());
        if name.get_ref() == context {
            around.extend(planned.calls.keys().map(|called| called.get_ref().as_str()));
            around.extend(producers);
        } else if producers.into_iter().any(|producer| producer == context) {
            around.insert(name.get_ref().as_str());
        }
    }
    around
}
