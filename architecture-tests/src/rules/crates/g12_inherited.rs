use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries, manifest};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G12",
    name: "inherited-versions",
    why: "a version that a crate says for itself drifts from that of its neighbours, with features that nobody sees",
    needs: Need::Nothing,
    explain: "What comes from outside the workspace is inherited from `[workspace.dependencies]`: `x.workspace = true`.",
    may_be_empty: Some("a workspace may need nothing from outside"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        for edge in one.edges.iter().filter(|edge| edge.to.is_none()) {
            found.look();
            if !edge.declared.from_workspace {
                let name = &edge.declared.name;
                found.note(
                    (manifest(one), edge.declared.line),
                    format!("{} -> {name}", one.name()),
                    format!("`{}` says the version of `{name}` itself", one.name()),
                    format!(
                        "say it in the workspace's manifest, and here `{name}.workspace = true`"
                    ),
                );
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(one) = libraries(workspace).next() else { return Vec::new() };
    vec![Proof {
        does: "says a version of its own",
        breaks: Edit::depend(manifest(one), "dev-dependencies", "hex = \"0.4\""),
        at: at(manifest(one), "hex"),
        also: &[],
        spares: Edit::depend(
            manifest(one),
            "dev-dependencies",
            "hex = { workspace = true, features = [\"serde\"] }",
        ),
    }]
}
