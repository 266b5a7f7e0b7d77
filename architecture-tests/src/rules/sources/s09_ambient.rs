use crate::edit::Edit;
use crate::facts::{Crate, File, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::{Forbidden, Layers};
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S09",
    name: "no-ambient-authority",
    why: "what is taken out of the air can be neither set by a test nor placed elsewhere",
    needs: Need::Forbidden,
    explain: "Sources of a role or layer name no path of the lists in its `forbids`, outside tests. Imports are followed, also under \
              another name, and so are heads: `Utc::now` is found however `Utc` came in. A layer with `sync = true` does not wait.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        let ([role], Some(planned)) = (one.roles.as_slice(), workspace.role(one)) else { continue };
        for list in &planned.forbids {
            let Some(list) = workspace.plan.forbidden.get(list.get_ref().as_str()) else {
                continue;
            };
            for source in one.sources.iter().filter(|source| !source.is_test) {
                found.look();
                named(one, source, list, found);
            }
        }
        let layers = Layers::of(&workspace.plan.layer, role);
        for (folder, source) in one.folders() {
            let Some((name, layer)) = layers.of_file(folder, &source.path) else { continue };
            for list in layer
                .forbids
                .iter()
                .filter_map(|list| workspace.plan.forbidden.get(list.get_ref().as_str()))
            {
                named(one, source, list, found);
            }
            for line in source.waits.iter().filter(|_| layer.sync && !source.is_test) {
                found.note(
                    (&source.path, *line),
                    "async",
                    format!("the layer {name} of `{}` waits", one.name()),
                    "take what was waited for as an argument",
                );
            }
        }
    }
}

fn named(one: &Crate, source: &File, list: &Forbidden, found: &mut Found) {
    let known: Vec<&String> = list.paths.iter().filter(|path| source.knows(path)).collect();
    for named in source.live().filter(|_| !known.is_empty()) {
        if let Some(path) = known.iter().find(|path| named.goes_through(path)) {
            found.note(
                (&source.path, named.line),
                path,
                format!("`{}` names `{}`", one.name(), named.path),
                &list.instead,
            );
            found.see([format!("forbidden: {}", list.why)]);
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let mut proofs = Vec::new();
    let strict = workspace.implementations().find_map(|one| {
        let role = workspace.role(one)?;
        let has = |list: &str| role.forbids.iter().any(|name| name.get_ref() == list);
        let all = has("clock") && has("machine");
        one.sources.iter().find(|source| {
            all && source.path.contains("/application/") && !source.path.ends_with("/mod.rs")
        })
    });
    if let Some(source) = strict {
        let file = source.path.as_str();
        let is_listed = |path| list_has(workspace, "clock", path);
        let ways = ways().into_iter().filter(|(_, needs, _, _)| needs.is_none_or(is_listed));
        proofs.extend(ways.map(|(does, _, code, near)| Proof {
            does,
            breaks: Edit::append(file, code),
            at: at(file, code.lines().last().unwrap_or_default()),
            also: &[],
            spares: Edit::append(file, near),
        }));
    }
    proofs.extend(waiting(workspace));
    proofs
}

/// Ways to take something out of the air: what of the clock's list it is, where not all have that, and a near miss.
fn ways() -> [(&'static str, Option<&'static str>, &'static str, &'static str); 4] {
    let clock = "fn now(clock: &dyn kernel::Clock) -> kernel::Timestamp { clock.now() }";
    let begun = "fn since(began: std::time::Instant) {}";
    let started = "macro_rules! run { () => { std::process::Command::new(\"ls\") }; }";
    let asked = "use std::env as e;\nfn ask() { e::var(\"HOME\"); }";
    let near = "use std::any as e;\nfn ask() { e::type_name::<u8>(); }";
    [
        ("asks the machine for the time in a use case", None, "fn now() { Utc::now(); }", clock),
        ("keeps a moment of the machine's", Some("std::time::Instant"), begun, clock),
        ("asks the environment under another name", None, asked, near),
        ("starts a program in a macro", None, started, clock),
    ]
}

fn list_has(workspace: &Workspace, list: &str, path: &str) -> bool {
    let list = workspace.plan.forbidden.get(list);
    list.is_some_and(|list| list.paths.iter().any(|listed| listed == path))
}

/// A layer that must not wait, and does.
fn waiting(workspace: &Workspace) -> Option<Proof> {
    let (layer, _) = workspace.plan.layer.iter().find(|(_, layer)| layer.sync)?;
    let (_, file) = crate::rules::scene::in_layer(workspace, layer.get_ref())?;
    Some(Proof {
        does: "waits in a domain",
        breaks: Edit::append(file, "pub(crate) async fn later() {}"),
        at: at(file, "async fn later"),
        also: &[],
        spares: Edit::append(file, "#[cfg(test)]\nmod later {\n    async fn later() {}\n}"),
    })
}
