use super::e02_wiring::is_wiring;
use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, library, strangers};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "E05",
    name: "gates-in-the-wiring",
    why: "code that is there in one placement and not in another is two programs, of which one is tested",
    needs: Need::Wiring,
    explain: "`cfg(feature)`, `cfg!(feature)` and `cfg_attr(feature)` are in the files of `layout.wiring` alone.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let mut used = Vec::new();
    for one in &workspace.crates {
        for source in &one.sources {
            found.look();
            if is_wiring(workspace, &source.path) {
                used.extend(source.gates.first().map(|_| source.path.as_str()));
                continue;
            }
            for gate in &source.gates {
                found.note(
                    (&source.path, gate.line),
                    &gate.text,
                    format!("`{}` is built otherwise with the feature `{}`", one.name(), gate.text),
                    "let the wiring decide it, and hand in what differs",
                );
            }
        }
    }
    for wiring in workspace
        .plan
        .layout
        .wiring
        .iter()
        .filter(|wiring| !used.contains(&wiring.get_ref().as_str()))
    {
        let what =
            format!("`{}` is said to be wiring, and no feature changes it", wiring.get_ref());
        found.note(
            (PLAN, workspace.plan.line(wiring)),
            wiring.get_ref(),
            what,
            "delete it from `wiring`",
        );
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(file) = strangers(workspace).and_then(|(one, _)| library(one)) else {
        return Vec::new();
    };
    let near = "#[cfg(not(debug_assertions))]\nfn gated() {}";
    let way = |does, code: &str| Proof {
        does,
        breaks: Edit::append(file, code),
        at: at(file, "feature"),
        also: &["E04"],
        spares: Edit::append(file, near),
    };
    vec![
        way("gates a function of a module", "#[cfg(not(feature = \"remote\"))]\nfn gated() {}"),
        way(
            "asks for a feature while it runs",
            "fn gated() -> bool { cfg!(feature = \"remote\") }",
        ),
        way(
            "derives by a feature",
            "#[cfg_attr(feature = \"remote\", derive(Debug))]\nstruct Gated;",
        ),
    ]
}
