use crate::edit::Edit;
use crate::facts::{Crate, Kind, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, manifest, on};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G11",
    name: "test-support-is-dev",
    why: "what tests stand on may panic, wait and lie; none of it may be shipped",
    needs: Need::TestSupport,
    explain: "Crates of a role with `test_support = true` are dev-dependencies, except of each other.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn is_support(workspace: &Workspace, one: &Crate) -> bool {
    workspace.role(one).is_some_and(|role| role.test_support)
}

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        if is_support(workspace, one) {
            found.look();
        }
        for edge in &one.edges {
            let Some(to) = edge.to.map(|to| &workspace.crates[to]) else { continue };
            if !is_support(workspace, to) {
                continue;
            }
            if edge.declared.kind != Kind::Dev && !is_support(workspace, one) {
                found.note(
                    (manifest(one), edge.declared.line),
                    format!("{} -> {}", one.name(), to.name()),
                    format!("`{}` ships `{}`, which is for tests alone", one.name(), to.name()),
                    "move the line to `[dev-dependencies]`",
                );
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let support = workspace.crates.iter().find(|one| is_support(workspace, one));
    let user = |one: &&Crate| {
        let uses = one
            .edges
            .iter()
            .any(|edge| edge.to.is_some_and(|to| is_support(workspace, &workspace.crates[to])));
        uses && !is_support(workspace, one)
    };
    let mut users = workspace.crates.iter().filter(user);
    let user = users.clone().find(|one| one.context.is_some()).or_else(|| users.next());
    let (Some(support), Some(user)) = (support, user) else {
        return Vec::new();
    };
    let line = on(user, support);
    let tests =
        Edit::append(manifest(user), &format!("\n[target.'cfg(unix)'.dev-dependencies]\n{line}"));
    vec![Proof {
        does: "ships what tests stand on",
        breaks: Edit::depend(manifest(user), "dependencies", &line),
        at: at(manifest(user), support.name()),
        also: &["G06", "G13"],
        spares: tests,
    }]
}
