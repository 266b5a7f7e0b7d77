use super::features::roots;
use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "E04",
    name: "known-features",
    why: "code behind a feature that nobody can turn on is never built and never missed",
    needs: Need::Nothing,
    explain: "Every feature that a `cfg` asks for is declared by its crate, and `.ci/feature-sets` builds the sets of the matrix.",
    may_be_empty: Some("a workspace may have no features"),
    is_derived: false,
    check,
    proofs,
};

const CI: &str = ".ci/feature-sets";

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        for source in &one.sources {
            for gate in &source.gates {
                found.look();
                // A macro's own name for a feature is checked where the macro is called.
                let is_known = one.manifest.has_feature(&gate.text) || gate.text.is_empty();
                if !is_known {
                    found.note(
                        (&source.path, gate.line),
                        &gate.text,
                        format!(
                            "`{}` asks for the feature `{}`, which it does not have",
                            one.name(),
                            gate.text
                        ),
                        "declare the feature, or delete what is behind it",
                    );
                }
            }
        }
    }
    let run = workspace.tree.text(".ci/run");
    for root in roots(workspace) {
        let built = workspace.tree.text(CI).is_some_and(|script| script.contains(root.name()));
        if run.is_some_and(|run| !built || !run.contains(CI)) {
            found.note(
                (".ci/run", 1),
                root.name(),
                format!("the build server does not build the feature sets of `{}`", root.name()),
                format!("let `.ci/run` call `{CI}`, and that check each set of `{}`", root.name()),
            );
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let wiring =
        roots(workspace).flat_map(|root| root.sources.iter().map(move |source| (root, source)));
    let gated = wiring.into_iter().find_map(|(root, source)| {
        let gate =
            source.gates.iter().find(|gate| root.manifest.features.contains_key(&gate.text))?;
        Some((source.path.as_str(), gate.text.as_str()))
    });
    let Some((file, known)) = gated.or_else(|| gated_anywhere(workspace)) else {
        return Vec::new();
    };
    let gate =
        |feature: &str| format!("#[cfg(all(unix, feature = \"{feature}\"))]\nfn gated() {{}}");
    let mut proofs = vec![Proof {
        does: "asks for a feature that there is not",
        breaks: Edit::append(file, &gate("unheard-of")),
        at: at(file, "unheard-of"),
        also: &[],
        spares: Edit::append(file, &gate(known)),
    }];
    let step = format!("step {CI}");
    if workspace.tree.text(".ci/run").is_some_and(|run| run.contains(&step)) {
        proofs.push(Proof {
            does: "builds no feature sets",
            breaks: Edit::replace(".ci/run", &step, "true"),
            at: at(".ci/run", "#!"),
            also: &[],
            spares: Edit::replace(".ci/run", &step, &format!("{step} # each of them")),
        });
    }
    proofs
}

/// A file that asks for a feature that its crate has, where no root puts contexts together.
fn gated_anywhere(workspace: &Workspace) -> Option<(&str, &str)> {
    libraries(workspace).find_map(|one| {
        let live = one.sources.iter().filter(|source| !source.is_test);
        let mut gates = live.flat_map(|source| {
            source.gates.iter().map(|gate| (source.path.as_str(), gate.text.as_str()))
        });
        gates.find(|(_, feature)| one.manifest.has_feature(feature))
    })
}
