use std::collections::BTreeSet;

use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{
    at, callers, contract_of, event_of, hearing, implementation_of, manifest, named_in_tests, on,
};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G05",
    name: "acyclic-calls",
    why: "of contexts that call each other none can start, move or fail without the others",
    needs: Need::Contexts,
    explain: "The calls between contexts, as `architecture.toml` permits them, have no cycle. Events are no calls: two contexts may \
              listen to each other. The cheapest cut is told with the finding: the edge of the cycle that the fewest places use.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for (name, context) in &workspace.plan.context {
        found.look();
        for called in context.calls.keys() {
            let (from, to) = (name.get_ref().as_str(), called.get_ref().as_str());
            if from == to || reaches(workspace, to, from) {
                let cut = cheapest(workspace, &cycle(workspace, to, from));
                found.note(
                    (PLAN, workspace.plan.line(called)),
                    format!("{from} -> {to}"),
                    format!("{from} calls {to}, and {to} calls {from}, be it through others"),
                    format!("turn one call of the cycle into an event; the cheapest is {cut}"),
                );
            }
        }
    }
}

/// Whether calls lead from one context to another.
fn reaches(workspace: &Workspace, from: &str, to: &str) -> bool {
    !cycle(workspace, from, to).is_empty()
}

/// The contexts on a way from one to another.
fn cycle(workspace: &Workspace, from: &str, to: &str) -> Vec<String> {
    let mut ways = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        let last = way.last().cloned().unwrap_or_default();
        if last == to {
            return way;
        }
        for called in
            workspace.plan.context(&last).into_iter().flat_map(|context| context.calls.keys())
        {
            if seen.insert(called.get_ref().clone()) {
                ways.push(way.iter().cloned().chain([called.get_ref().clone()]).collect());
            }
        }
    }
    Vec::new()
}

/// The edge of a way that is written in the fewest places, those back to its start included.
fn cheapest(workspace: &Workspace, way: &[String]) -> String {
    let ends = way.iter().zip(way.iter().cycle().skip(1));
    let cost = |from: &str, to: &str| -> usize {
        let ident = contract_of(workspace, to).map(Crate::ident).unwrap_or_default();
        let own = workspace.crates.iter().filter(|one| one.context.as_deref() == Some(from));
        own.flat_map(|one| &one.sources)
            .flat_map(crate::facts::File::live)
            .filter(|named| named.first() == ident)
            .count()
    };
    let edges = ends.map(|(from, to)| (cost(from, to), format!("{from} -> {to}")));
    edges.min().map(|(places, edge)| format!("{edge} ({places} places)")).unwrap_or_default()
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let proof = |(one, called): (&Crate, &str)| {
        let context = workspace.plan.context(called)?;
        let (event, _) = event_of(workspace, one.context())?;
        let (other, own) =
            (implementation_of(workspace, called)?, contract_of(workspace, one.context())?);
        let is_quiet = context.calls.is_empty() && context.listens.is_empty();
        let depends = Edit::depend(manifest(other), "dev-dependencies", &on(other, own));
        let said = format!("\n[context.{called}.calls]\n{} = \"back\"", one.context());
        is_quiet.then_some(Proof {
            does: "calls back",
            breaks: depends.clone().then(Edit::append(PLAN, &said)),
            at: at(PLAN, "= \"back\""),
            also: &["C05", "G13"],
            spares: depends
                .then(named_in_tests(other, own)?)
                .then(hearing(workspace, called, event)?),
        })
    };
    callers(workspace).find_map(proof).into_iter().collect()
}
