use std::collections::BTreeSet;

use super::features::roots;
use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "E02",
    name: "one-wiring",
    why: "where implementations are known in several files, a module that moves changes all of them",
    needs: Need::Wiring,
    explain: "In a composition root only the files of `layout.wiring` name implementations, outside tests.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for root in roots(workspace) {
        let implementations = implementations(workspace, root);
        for source in &root.sources {
            found.look();
            if is_wiring(workspace, &source.path) {
                continue;
            }
            for named in source.live().filter(|named| implementations.contains(named.first())) {
                found.note(
                    (&source.path, named.line),
                    named.first(),
                    format!("`{}` names `{}` outside the wiring", root.name(), named.path),
                    "let the wiring build it, and take it as its contract",
                );
            }
        }
    }
}

pub(super) fn is_wiring(workspace: &Workspace, path: &str) -> bool {
    workspace.plan.layout.wiring.iter().any(|wiring| wiring.get_ref() == path)
}

fn implementations(workspace: &Workspace, root: &Crate) -> BTreeSet<String> {
    let members = root.edges.iter().filter_map(|edge| Some((edge, &workspace.crates[edge.to?])));
    let closed = members.filter(|(_, to)| to.context.is_some() && !workspace.is_open(to));
    closed.map(|(edge, _)| edge.declared.ident()).collect()
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let place = roots(workspace).find_map(|root| {
        let known = implementations(workspace, root).into_iter().next()?;
        let file = root.sources.iter().find(|source| {
            let is_code = source.path.contains("/src/") && !source.path.ends_with("/mod.rs");
            is_code && !source.is_test && !is_wiring(workspace, &source.path)
        })?;
        let wiring = root.sources.iter().find(|source| is_wiring(workspace, &source.path))?;
        Some((known, file, wiring))
    });
    let Some((known, file, wiring)) = place else { return Vec::new() };
    let line = format!("fn build() {{ {known}::build() }}");
    vec![Proof {
        does: "builds a module beside the wiring",
        breaks: Edit::append(&file.path, &line),
        at: at(&file.path, &line),
        also: &[],
        spares: Edit::append(&wiring.path, &line),
    }]
}
