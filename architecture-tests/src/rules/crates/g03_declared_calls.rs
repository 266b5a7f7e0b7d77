use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::{Context, PLAN};
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, contract_of, event_of, hearing, library, manifest, on};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G03",
    name: "declared-calls",
    why: "that one context needs another to be up is a decision, and it is written down with its reason",
    needs: Need::Contracts,
    explain: "A crate that depends on another context's contract needs that context in `calls` of its own, with a reason, or must \
              be told one of its events (`listens`). Calls and events are apart: `G05` allows events to go both ways, so a context that \
              only listens to another names no trait of its contract outside tests.",
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
            if one.context.as_deref() == Some(other) || calls(workspace, one.context(), other) {
                continue;
            }
            if hears(workspace, one.context(), other) {
                called(workspace, one, (to, &edge.declared.ident()), found);
            } else {
                note(one, to, edge.declared.line, found);
            }
        }
    }
}

fn calls(workspace: &Workspace, context: &str, other: &str) -> bool {
    workspace.plan.context(context).is_some_and(|context| context.calls.contains_key(other))
}

fn hears(workspace: &Workspace, context: &str, other: &str) -> bool {
    let planned = workspace.plan.context(context).into_iter();
    let mut events = planned.flat_map(|context| context.listens.keys());
    events.any(|event| event.get_ref().split('.').next() == Some(other))
}

/// Where a crate names a trait of a contract whose events alone it may know, be it through a star.
fn called(workspace: &Workspace, one: &Crate, (to, ident): (&Crate, &str), found: &mut Found) {
    let vocabularies = workspace.vocabularies(to).flat_map(|(_, vocabulary)| &vocabulary.traits);
    let traits: Vec<&str> = vocabularies.map(|declared| declared.name.as_str()).collect();
    let star = format!("{ident}::*");
    for source in one.sources.iter().filter(|source| !source.is_test) {
        for named in source.live().filter(|named| named.first() == ident) {
            let is_it = |wanted: &&&str| {
                let through = named.path == star && source.words.contains(**wanted);
                through || named.path.split("::").any(|segment| segment == **wanted)
            };
            let Some(declared) = traits.iter().find(is_it) else { continue };
            let (context, other) = (one.context(), to.context());
            found.note(
                (&source.path, named.line),
                format!("{context} -> {other} {declared}"),
                format!("{context} only listens to {other}, and `{}` names `{declared}`", one.name()),
                format!("keep what the events tell, or add `{other} = \"why\"` to `[context.{context}.calls]`"),
            );
        }
    }
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
    let undeclared = strangers(workspace)
        .find_map(|(one, contract)| Some((one, contract, contract_of(workspace, one.context())?)));
    let Some((one, contract, own)) = undeclared else { return Vec::new() };
    let mut proofs = vec![Proof {
        does: "depends on the contract of a context that it is not said to call",
        breaks: Edit::depend(manifest(one), "dev-dependencies", &on(one, contract)),
        at: at(manifest(one), contract.name()),
        also: &["G13"],
        spares: Edit::depend(manifest(one), "dev-dependencies", &on(one, own)),
    }];
    proofs.extend(strangers(workspace).find_map(|pair| listening(workspace, pair)));
    proofs
}

/// An implementation that hears a context's events, and calls it.
fn listening(workspace: &Workspace, (one, contract): (&Crate, &Crate)) -> Option<Proof> {
    let (event, kind) = event_of(workspace, contract.context())?;
    let mut vocabularies = workspace.vocabularies(contract);
    let declared = vocabularies.find_map(|(_, vocabulary)| vocabulary.traits.first())?;
    let is_deaf = |context: &Context| context.listens.is_empty();
    let context = workspace.plan.context(one.context()).filter(|context| is_deaf(context))?;
    let heard = hearing(workspace, one.context(), event).filter(|_| context.elsewhere.is_none())?;
    let depends = Edit::depend(manifest(one), "dependencies", &on(one, contract));
    let (file, ident) = (library(one)?, contract.ident());
    let names = |name: &str| {
        let code = format!("fn heard(told: &{ident}::{name}) {{}}");
        heard.clone().then(depends.clone()).then(Edit::append(file, &code))
    };
    Some(Proof {
        does: "listens to a context, and calls it",
        breaks: names(&declared.name),
        at: at(file, "fn heard("),
        also: &[],
        spares: names(kind),
    })
}

/// Implementations with the contract of a context that neither knows them nor is known to them.
fn strangers(workspace: &Workspace) -> impl Iterator<Item = (&Crate, &Crate)> {
    let libraries = workspace.implementations().filter(|one| library(one).is_some());
    libraries.flat_map(move |one| {
        let others = workspace.contracts().filter(move |contract| contract.context != one.context);
        let is_strange = move |contract: &&Crate| {
            let (own, other) = (one.context(), contract.context());
            let knows = calls(workspace, own, other) || hears(workspace, own, other);
            !knows && !calls(workspace, other, own)
        };
        others.filter(is_strange).map(move |contract| (one, contract))
    })
}
