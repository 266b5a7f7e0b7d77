use std::collections::BTreeSet;

use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, manifest, on, strangers};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G09",
    name: "composition-root",
    why: "who runs where is decided in one place, or it can't be changed by a setting",
    needs: Need::Contexts,
    explain: "Of the crates that belong to no context only those of a role with `root = true` depend on implementations.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.crates.iter().filter(|one| one.context.is_none()) {
        found.look();
        if workspace.role(one).is_some_and(|role| role.root) {
            continue;
        }
        let mut seen = BTreeSet::new();
        for edge in &one.edges {
            let Some(to) = edge.to.map(|to| &workspace.crates[to]) else { continue };
            if to.context.is_some() && !workspace.is_open(to) && seen.insert(to.name()) {
                found.note(
                    (manifest(one), edge.declared.line),
                    format!("{} -> {}", one.name(), to.name()),
                    format!("`{}` wires `{}`, and is no composition root", one.name(), to.name()),
                    format!("depend on the contract of {}, or let a role with `root = true` in `{PLAN}` hand it in", to.context()),
                );
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some((one, _)) = strangers(workspace) else { return Vec::new() };
    let root =
        |one: &&Crate| one.context.is_none() && workspace.role(one).is_some_and(|role| role.root);
    let Some(root) = workspace.crates.iter().find(root) else { return Vec::new() };
    let shared = |one: &&Crate| {
        let role = workspace.role(one);
        one.context.is_none() && role.is_some_and(|role| !role.root && !role.test_support)
    };
    let Some(shared) = workspace.crates.iter().find(shared) else { return Vec::new() };
    vec![Proof {
        does: "lets a crate that everybody shares wire a module",
        breaks: Edit::depend(manifest(shared), "dev-dependencies", &on(shared, one)),
        at: at(manifest(shared), one.name()),
        also: &["G06", "G13"],
        spares: Edit::depend(manifest(root), "dev-dependencies", &on(root, one)),
    }]
}
