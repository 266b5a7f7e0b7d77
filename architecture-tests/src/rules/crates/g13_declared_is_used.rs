use crate::edit::Edit;
use crate::facts::{Crate, Edge, Kind, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries, library, manifest, on};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G13",
    name: "declared-is-used",
    why: "an edge that nothing needs is built, and permits more than anybody asked for",
    needs: Need::Nothing,
    explain: "Every dependency on a member of the workspace is named in a source file of the crate, be it in a macro's body. An \
              optional one too: a feature that turns it on names nothing.",
    may_be_empty: Some("members may know nothing of each other"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        for edge in one.edges.iter().filter(|edge| edge.to.is_some()) {
            found.look();
            if !is_named(one, edge) {
                let name = &edge.declared.name;
                found.note(
                    (manifest(one), edge.declared.line),
                    format!("{} -> {name}", one.name()),
                    format!("`{}` declares `{name}` and never names it", one.name()),
                    "delete the line",
                );
            }
        }
    }
}

fn is_named(one: &Crate, edge: &Edge) -> bool {
    let ident = edge.declared.ident();
    let shipped = edge.declared.kind != Kind::Normal;
    let mut files = one.sources.iter().filter(|source| shipped || !source.is_test);
    files.any(|source| source.words.contains(&ident))
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let unused = libraries(workspace).find_map(|one| {
        let [role] = one.roles.as_slice() else { return None };
        let role = workspace.plan.role(role)?;
        let declared = |name: &str| one.edges.iter().any(|edge| edge.declared.name == name);
        let other = workspace.crates.iter().find(|other| {
            let fits = role.uses.iter().any(|used| other.roles.first() == Some(used.get_ref()));
            let is_named = one.sources.iter().any(|source| source.words.contains(&other.ident()));
            let is_other = other.context.is_none() && other.name() != one.name();
            fits && is_other && !is_named && !declared(other.name())
        })?;
        Some((one, other, library(one)?))
    });
    let unused = unused.or_else(|| undeclared(workspace));
    let Some((one, other, library)) = unused else { return Vec::new() };
    let declare = Edit::depend(manifest(one), "dependencies", &on(one, other));
    let named = format!("macro_rules! later {{ () => {{ {}::later() }}; }}", other.ident());
    vec![Proof {
        does: "declares a dependency that nothing names",
        breaks: declare.clone(),
        at: at(manifest(one), other.name()),
        also: &[],
        spares: declare.then(Edit::append(library, &named)),
    }]
}

/// A caller whose tests alone could name the contract once more: it is declared twice.
fn undeclared(workspace: &Workspace) -> Option<(&Crate, &Crate, &str)> {
    workspace.crates.iter().filter(|one| one.context.is_none()).find_map(|one| {
        let [role] = one.roles.as_slice() else { return None };
        let role = workspace.plan.role(role)?;
        let known = |other: &Crate| one.edges.iter().any(|edge| edge.declared.name == other.name());
        let other = workspace.crates.iter().find(|other| {
            let fits = role.uses.iter().any(|used| other.roles.first() == Some(used.get_ref()));
            fits && !known(other)
                && other.manifest.folder != one.manifest.folder
                && other.context.is_none()
        })?;
        Some((one, other, library(one)?))
    })
}
