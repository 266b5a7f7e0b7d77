use crate::edit::Edit;
use crate::facts::{Crate, Edge, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, contract_of, manifest, on, strangers};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G08",
    name: "contract-purity",
    why: "everybody who calls a contract links what it depends on, and its wire form would depend on it too",
    needs: Need::Contracts,
    explain: "A contract depends on crates of no context and on the packages in `external` of its role, tests included. It depends \
              on no other contract and on no implementation.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.contracts() {
        found.look();
        for edge in &one.edges {
            if let Some(why) = unfit(workspace, one, edge) {
                found.note(
                    (manifest(one), edge.declared.line),
                    format!("{} -> {}", one.name(), edge.declared.package),
                    format!(
                        "the contract `{}` depends on `{}`, {why}",
                        one.name(),
                        edge.declared.package
                    ),
                    "use a plain type of the contract's own, and turn one into the other behind it",
                );
            }
        }
    }
}

fn unfit(workspace: &Workspace, one: &Crate, edge: &Edge) -> Option<String> {
    if let Some(to) = edge.to.map(|to| &workspace.crates[to]) {
        to.context.is_some().then(|| format!("a crate of {}", to.context()))
    } else {
        let chosen = workspace.role(one)?.external.as_ref()?;
        let listed = chosen.iter().any(|chosen| *chosen.get_ref() == edge.declared.package);
        (!listed).then(|| format!("which `external` of its role in `{PLAN}` does not list"))
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some((one, other)) = strangers(workspace) else { return Vec::new() };
    let both = (contract_of(workspace, one.context()), contract_of(workspace, other.context()));
    let (Some(own), Some(theirs)) = both else { return Vec::new() };
    let shared = own.edges.iter().find_map(|edge| edge.to.map(|to| &workspace.crates[to]));
    let Some(shared) = shared else { return Vec::new() };
    let spares = Edit::depend(manifest(own), "dev-dependencies", &on(own, shared));
    vec![
        Proof {
            does: "lets a contract depend on another",
            breaks: Edit::depend(manifest(own), "dev-dependencies", &on(own, theirs)),
            at: at(manifest(own), theirs.name()),
            also: &["G06", "G13"],
            spares: spares.clone(),
        },
        Proof {
            does: "lets a contract depend on a database",
            breaks: Edit::depend(manifest(own), "dev-dependencies", "sea-orm.workspace = true"),
            at: at(manifest(own), "sea-orm"),
            also: &[],
            spares,
        },
    ]
}
