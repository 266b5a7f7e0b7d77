//! Places in any workspace where proofs break it.

use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::plan::PLAN;

/// Two implementations of different contexts, of which neither knows the other's contract where that can be had.
pub(super) fn strangers(workspace: &Workspace) -> Option<(&Crate, &Crate)> {
    let all: Vec<&Crate> =
        workspace.implementations().filter(|one| library(one).is_some()).collect();
    let knows = |one: &Crate, other: &Crate| {
        one.edges
            .iter()
            .filter_map(|edge| edge.to)
            .any(|to| workspace.crates[to].context == other.context)
    };
    let pairs = all.iter().flat_map(|one| all.iter().map(move |other| (*one, *other)));
    let mut strangers = pairs.filter(|(one, other)| one.context != other.context);
    let first = strangers.clone().next();
    strangers.find(|(one, other)| !knows(one, other) && !knows(other, one)).or(first)
}

/// The contract of a context.
pub(super) fn contract_of<'a>(workspace: &'a Workspace, context: &str) -> Option<&'a Crate> {
    workspace.contracts().find(|one| one.context.as_deref() == Some(context))
}

/// Each implementation that calls another context, with that.
pub(super) fn callers(workspace: &Workspace) -> impl Iterator<Item = (&Crate, &str)> {
    let libraries = workspace.implementations().filter(|one| library(one).is_some());
    libraries.flat_map(|one| {
        let calls = workspace
            .plan
            .context(one.context())
            .into_iter()
            .flat_map(|context| context.calls.keys());
        calls.map(move |called| (one, called.get_ref().as_str()))
    })
}

/// The implementation of a context with a library.
pub(super) fn implementation_of<'a>(workspace: &'a Workspace, context: &str) -> Option<&'a Crate> {
    workspace
        .implementations()
        .find(|one| one.context.as_deref() == Some(context) && library(one).is_some())
}

/// The stable name of an event that a context tells, and its type.
pub(super) fn event_of<'a>(workspace: &'a Workspace, context: &str) -> Option<(&'a str, &'a str)> {
    let contract = contract_of(workspace, context)?;
    let mut events =
        workspace.vocabularies(contract).flat_map(|(_, vocabulary)| &vocabulary.events);
    events.next().map(|(kind, name, _)| (name.as_str(), kind.as_str()))
}

/// What makes a context hear an event, in its contract, in its implementation and in the plan.
pub(super) fn hearing(workspace: &Workspace, context: &str, event: &str) -> Option<Edit> {
    let (contract, own) =
        (contract_of(workspace, context)?, implementation_of(workspace, context)?);
    let name = format!("{context}.note-proof");
    let declared = format!(
        "pub const SUBSCRIPTIONS: &[kernel::Subscription] =\n    &[kernel::Subscription {{ name: \"{name}\", event: \"{event}\" }}];"
    );
    let handled = format!("const HANDLED: &str = \"{name}\";");
    let said = format!("\n[context.{context}.listens]\n\"{event}\" = \"a proof\"");
    Some(
        Edit::append(library(contract)?, &declared)
            .then(Edit::append(library(own)?, &handled))
            .then(Edit::append(PLAN, &said)),
    )
}

/// The crates with a library that are neither contracts nor for tests, those of contexts first.
pub(super) fn libraries(workspace: &Workspace) -> impl Iterator<Item = &Crate> {
    let others = workspace.crates.iter().filter(|one| {
        one.context.is_none()
            && workspace.role(one).is_some_and(|role| !role.open && !role.test_support)
    });
    workspace.implementations().chain(others).filter(|one| library(one).is_some())
}

/// The file that a library begins with.
pub(super) fn library(one: &Crate) -> Option<&str> {
    let path = one.path("src/lib.rs");
    one.sources.iter().find(|source| source.path == path).map(|source| source.path.as_str())
}

/// A file of a crate in a layer of its role.
pub(super) fn in_layer<'a>(workspace: &'a Workspace, layer: &str) -> Option<(&'a Crate, &'a str)> {
    let folders = workspace.plan.layer.get(layer)?.folders(layer);
    workspace.implementations().find_map(|one| {
        let file = one.folders().find(|(folder, source)| {
            folders.contains(folder) && !source.is_test && !source.path.ends_with("/mod.rs")
        });
        file.map(|(_, source)| (one, source.path.as_str()))
    })
}

/// A line that declares a dependency on a member, from another member.
pub(super) fn on(from: &Crate, to: &Crate) -> String {
    format!("{} = {{ {} }}", to.name(), path(from, to))
}

/// `path = "…"` from one member to another.
pub(super) fn path(from: &Crate, to: &Crate) -> String {
    let deep = from.manifest.folder.split('/').filter(|part| !part.is_empty()).count();
    format!("path = \"{}{}\"", "../".repeat(deep), to.manifest.folder)
}

/// What names a crate in tests of another, so that it is not declared in vain.
pub(super) fn named_in_tests(one: &Crate, other: &Crate) -> Option<Edit> {
    Some(Edit::append(library(one)?, &format!("#[cfg(test)]\nuse {} as _;", other.ident())))
}

/// The manifest of a crate.
pub(super) fn manifest(one: &Crate) -> &str {
    &one.manifest.path
}

/// A place for a proof: a file, and what stands in the line.
pub(super) fn at(path: &str, line: &str) -> (String, String) {
    (path.to_owned(), line.to_owned())
}
