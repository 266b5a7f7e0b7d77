use super::features::{around, hosted, roots, turned_on};
use crate::edit::Edit;
use crate::facts::{Crate, Edge, Kind, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, manifest};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "E03",
    name: "feature-matrix",
    why: "a set of modules that can't be built is a placement that nobody can have",
    needs: Need::Wiring,
    explain: "A composition root has for each context that it hosts the features `x`, `x-http` and `x-nats`, all of them default. Each \
              set of the matrix resolves: one context, or all but one, with the HTTP adapters of those around them. It turns on \
              implementations of its own contexts alone, and no adapter turns on an implementation. A root that hosts contexts \
              behind features links no implementation without one.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

const ADAPTERS: [&str; 2] = ["http", "nats"];

fn check(workspace: &Workspace, found: &mut Found) {
    for root in roots(workspace) {
        let hosted: Vec<&str> = hosted(workspace, root).into_iter().collect();
        for context in &hosted {
            found.look();
            set(workspace, root, &[*context], found);
            let others: Vec<&str> =
                hosted.iter().copied().filter(|other| other != context).collect();
            set(workspace, root, &others, found);
            for adapter in ADAPTERS {
                adapts(workspace, root, &format!("{context}-{adapter}"), found);
            }
        }
        defaults(root, &hosted, found);
        if !hosted.is_empty() {
            always(workspace, root, found);
        }
    }
}

/// Implementations that every set has, whatever it is.
fn always(workspace: &Workspace, root: &Crate, found: &mut Found) {
    let shipped = |edge: &&Edge| edge.declared.kind == Kind::Normal && !edge.declared.optional;
    for edge in root.edges.iter().filter(shipped) {
        let Some(to) = edge.to.map(|to| &workspace.crates[to]) else { continue };
        if to.context.is_some() && !workspace.is_open(to) {
            found.note(
                (manifest(root), edge.declared.line),
                format!("always {}", to.name()),
                format!("`{}` links `{}` whatever is turned on", root.name(), to.name()),
                format!("make it `optional`, and let the feature of {} turn it on", to.context()),
            );
        }
    }
}

/// One set of the matrix: these contexts, with the adapters of those around them.
fn set(workspace: &Workspace, root: &Crate, contexts: &[&str], found: &mut Found) {
    let around = contexts.iter().flat_map(|context| around(workspace, context));
    let adapters =
        around.filter(|other| !contexts.contains(other)).map(|other| format!("{other}-http"));
    let adapters: Vec<String> = adapters.collect();
    let features: Vec<&str> =
        contexts.iter().copied().chain(adapters.iter().map(String::as_str)).collect();
    for missing in features.iter().filter(|feature| !root.manifest.features.contains_key(**feature))
    {
        unresolved(root, missing, &contexts.join("+"), found);
    }
    let on = turned_on(root, &features);
    for edge in root.edges.iter().filter(|edge| on.contains(edge.declared.name.as_str())) {
        let Some(to) = edge.to.map(|to| &workspace.crates[to]) else { continue };
        if to.context.as_deref().is_some_and(|context| !contexts.contains(&context))
            && !workspace.is_open(to)
        {
            let line = contexts
                .first()
                .and_then(|first| root.manifest.features.get(*first))
                .map_or(1, |feature| feature.line);
            found.note(
                (manifest(root), line),
                format!("{} -> {}", contexts.join("+"), to.name()),
                format!(
                    "the set {} turns on `{}`, which is of {}",
                    contexts.join("+"),
                    to.name(),
                    to.context()
                ),
                "let the feature of a context turn on that context's crates alone",
            );
        }
    }
}

fn adapts(workspace: &Workspace, root: &Crate, feature: &str, found: &mut Found) {
    let Some(declared) = root.manifest.features.get(feature) else {
        return unresolved(root, feature, "of the whole", found);
    };
    let on = turned_on(root, &[feature]);
    let implementation = root.edges.iter().find(|edge| {
        let member = edge.to.map(|to| &workspace.crates[to]);
        on.contains(edge.declared.name.as_str())
            && member.is_some_and(|to| to.context.is_some() && !workspace.is_open(to))
    });
    if let Some(edge) = implementation {
        found.note(
            (manifest(root), declared.line),
            feature,
            format!("the adapter `{feature}` turns on `{}`, an implementation", edge.declared.name),
            "an adapter reaches another process; take the implementation out of it",
        );
    }
}

fn defaults(root: &Crate, hosted: &[&str], found: &mut Found) {
    let Some(default) = root.manifest.features.get("default") else { return };
    let adapters =
        hosted.iter().flat_map(|context| ADAPTERS.map(|adapter| format!("{context}-{adapter}")));
    for wanted in hosted.iter().map(ToString::to_string).chain(adapters) {
        if !default.enables.contains(&wanted) {
            found.note(
                (manifest(root), default.line),
                &wanted,
                format!("`{wanted}` is not a default feature of `{}`", root.name()),
                "add it: who says nothing gets everything, and decides by settings",
            );
        }
    }
}

fn unresolved(root: &Crate, feature: &str, set: &str, found: &mut Found) {
    found.note(
        (manifest(root), root.manifest.features.get("default").map_or(1, |default| default.line)),
        feature,
        format!("`{}` has no feature `{feature}`, which the set {set} needs", root.name()),
        format!("add `{feature} = []`, and name it in the wiring"),
    );
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let place = roots(workspace).find_map(|root| {
        let context = hosted(workspace, root).into_iter().next()?;
        let adapter = format!("{context}-http = []");
        workspace.tree.text(manifest(root))?.contains(&adapter).then_some((root, context, adapter))
    });
    let Some((root, context, adapter)) = place else { return Vec::new() };
    let file = manifest(root);
    let near = Edit::replace(file, &adapter, &format!("{context}-http = [] # over HTTP"));
    let default = |features: &str| Edit::replace(file, &format!("\"{context}-http\""), features);
    let mut proofs = vec![
        Proof {
            does: "hides an implementation behind two features of an adapter",
            breaks: Edit::replace(
                file,
                &adapter,
                &format!(
                    "{context}-http = [\"{context}-hop\"]\n{context}-hop = [\"dep:{context}\"]"
                ),
            ),
            at: at(file, &format!("{context}-http = [\"{context}-hop\"]")),
            also: &[],
            spares: near.clone(),
        },
        Proof {
            does: "leaves an adapter out of what is default",
            breaks: default(&format!("\"{context}\"")),
            at: at(file, "default = ["),
            also: &[],
            spares: near.clone(),
        },
    ];
    proofs.extend(linked(workspace, (file, context), near));
    proofs
}

/// A module that no feature turns off.
fn linked(workspace: &Workspace, (file, context): (&str, &str), spares: Edit) -> Option<Proof> {
    let optional = format!("\n{context} = {{ workspace = true, optional = true }}\n");
    let is_there = workspace.tree.text(file)?.contains(&optional);
    is_there.then(|| Proof {
        does: "links a module whatever is turned on",
        breaks: Edit::replace(file, &optional, &format!("\n{context}.workspace = true\n")),
        at: at(file, &format!("{context}.workspace")),
        also: &[],
        spares,
    })
}
