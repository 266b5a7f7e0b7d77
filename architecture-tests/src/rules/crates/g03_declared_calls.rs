use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, contract_of, library, manifest, on};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G03",
    name: "declared-calls",
    why: "that one context needs another to be up is a decision, and it is written down with its reason",
    needs: Need::Contracts,
    explain: "A crate that depends on another context's contract needs that context in `calls` of its own, with a reason, or must \
              be told one of its events (`listens`). Calls and events are apart: `G05` allows events to go both ways.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.implementations() {
        found.look();
        for edge in &one.edges {
            let Some(to) = edge.to.map(|to| &workspace.crates[to]) else { continue };
            let (true, Some(other)) = (workspace.is_open(to), to.context.as_deref()) else {
                continue;
            };
            if one.context.as_deref() != Some(other)
                && !is_declared(workspace, one.context(), other)
            {
                note(one, to, edge.declared.line, found);
            }
        }
    }
}

fn is_declared(workspace: &Workspace, context: &str, other: &str) -> bool {
    workspace.plan.context(context).is_some_and(|context| {
        let told =
            context.listens.keys().any(|event| event.get_ref().split('.').next() == Some(other));
        told || context.calls.contains_key(other)
    })
}

fn note(one: &Crate, to: &Crate, line: usize, found: &mut Found) {
    let (context, other) = (one.context(), to.context());
    found.note(
        (manifest(one), line),
        format!("{context} -> {other}"),
        format!("{context} knows the contract of {other} (`{}` depends on `{}`), and `{PLAN}` does not say so", one.name(), to.name()),
        format!("be told by an event of {other} instead, or add `{other} = \"why\"` to `[context.{context}.calls]`"),
    );
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let undeclared =
        workspace.implementations().filter(|one| library(one).is_some()).find_map(|one| {
            let contract = workspace.contracts().find(|contract| {
                let other = contract.context();
                other != one.context()
                    && !is_declared(workspace, one.context(), other)
                    && !knows(workspace, other, one.context())
            })?;
            Some((one, contract, contract_of(workspace, one.context())?))
        });
    let Some((one, contract, own)) = undeclared else { return Vec::new() };
    vec![Proof {
        does: "depends on the contract of a context that it is not said to call",
        breaks: Edit::depend(manifest(one), "dev-dependencies", &on(one, contract)),
        at: at(manifest(one), contract.name()),
        also: &["G13"],
        spares: Edit::depend(manifest(one), "dev-dependencies", &on(one, own)),
    }]
}

fn knows(workspace: &Workspace, context: &str, other: &str) -> bool {
    workspace.plan.context(context).is_some_and(|context| context.calls.contains_key(other))
}
