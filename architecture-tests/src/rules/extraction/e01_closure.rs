use std::collections::BTreeMap;

use super::features::{hosted, roots, turned_on};
use crate::edit::Edit;
use crate::facts::{Crate, Kind, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, manifest};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "E01",
    name: "extractable",
    why: "a context can leave when what it is built of holds no other, and not before",
    needs: Need::Wiring,
    explain: "For each context that a composition root hosts behind a feature of its name: what that feature links, with all that \
              this links in turn outside tests, holds implementations of this context alone. The way to a foreign one is told.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for root in roots(workspace) {
        for context in hosted(workspace, root) {
            found.look();
            let on = turned_on(root, &[context]);
            let line = root.manifest.features.get(context).map_or(1, |feature| feature.line);
            for edge in root.edges.iter().filter(|edge| on.contains(edge.declared.name.as_str())) {
                let Some(to) = edge.to else { continue };
                if let Some((foreign, way)) = foreign(workspace, to, context) {
                    found.note(
                        (manifest(root), line),
                        format!("{context} -> {foreign}"),
                        format!(
                            "`{}` with the feature `{context}` links `{foreign}`: {way}",
                            root.name()
                        ),
                        "cut the way: depend on the contract, and let the wiring hand the rest in",
                    );
                }
            }
        }
    }
}

/// The first implementation of another context that a member links, and the way to it.
fn foreign(workspace: &Workspace, from: usize, context: &str) -> Option<(String, String)> {
    let mut ways: BTreeMap<usize, String> =
        BTreeMap::from([(from, workspace.crates[from].name().to_owned())]);
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        let one = &workspace.crates[at];
        let is_foreign = one.context.as_deref().is_some_and(|own| own != context);
        if is_foreign && !workspace.is_open(one) {
            return Some((one.name().to_owned(), ways[&at].clone()));
        }
        for to in one
            .edges
            .iter()
            .filter(|edge| edge.declared.kind == Kind::Normal)
            .filter_map(|edge| edge.to)
        {
            if !ways.contains_key(&to) {
                ways.insert(to, format!("{} -> {}", ways[&at], workspace.crates[to].name()));
                open.push(to);
            }
        }
    }
    None
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let pair = roots(workspace).find_map(|root| {
        let hosted: Vec<&str> = hosted(workspace, root).into_iter().collect();
        let [first, second, ..] = hosted.as_slice() else { return None };
        let line = line_of(workspace, root, first)?;
        Some((root, *second, line))
    });
    let Some((root, second, line)) = pair else { return Vec::new() };
    let with = |more: &str| {
        Edit::replace(manifest(root), &line, &line.replacen("[\"", &format!("[\"{more}\", \""), 1))
    };
    vec![Proof {
        does: "turns a neighbour on by a context's own feature",
        breaks: with(&format!("dep:{second}")),
        at: at(manifest(root), &format!("dep:{second}")),
        also: &["E03"],
        spares: Edit::append(manifest(root), "# A word more."),
    }]
}

/// The line of a manifest that declares a feature.
fn line_of(workspace: &Workspace, root: &Crate, feature: &str) -> Option<String> {
    let line = root.manifest.features.get(feature)?.line;
    let text = workspace.tree.text(manifest(root))?;
    text.lines().nth(line - 1).map(|line| format!("\n{line}\n"))
}
