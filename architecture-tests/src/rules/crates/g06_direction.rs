use crate::edit::Edit;
use crate::facts::{Crate, File, Kind, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::{Layers, PLAN};
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries, manifest, on};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G06",
    name: "direction",
    why: "what rules stand on must be built and tested without what stands on them",
    needs: Need::Nothing,
    explain: "A crate depends on crates of the roles in `uses` of its own role, and its tests also on those in `dev`. Roles have no circle in `uses`. A folder of a \
              layer names other layers of its crate only where its `uses` has them; `super::` and `crate::` paths are followed, \
              in macro bodies too. One that leads to no folder of a layer leads to the layer directly below `src`, and \
              `src/domain.rs` is of the layer of `src/domain/`. Edges to other contexts are `G02` and `G03`.",
    may_be_empty: Some("a workspace of one crate without layers has no direction"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        crates(workspace, one, found);
        layers(workspace, one, found);
    }
    circles(workspace, found);
}

/// Roles that know each other in a circle permit every direction.
fn circles(workspace: &Workspace, found: &mut Found) {
    for (name, role) in &workspace.plan.role {
        let others = role.uses.iter().filter(|used| used.get_ref() != name.get_ref());
        for used in others.filter(|used| workspace.plan.stands_on(used.get_ref(), name.get_ref())) {
            let (from, to) = (name.get_ref(), used.get_ref());
            found.note(
                (PLAN, workspace.plan.line(used)),
                format!("{from} -> {to}"),
                format!("the role {from} uses {to}, and {to} stands on {from}"),
                "part one of the roles, or turn one edge round with a trait that the lower one owns",
            );
        }
    }
}

fn crates(workspace: &Workspace, one: &Crate, found: &mut Found) {
    let (Some(role), [name]) = (workspace.role(one), one.roles.as_slice()) else { return };
    for edge in &one.edges {
        let Some(to) = edge.to.map(|to| &workspace.crates[to]) else { continue };
        let [other] = to.roles.as_slice() else { continue };
        found.look();
        let is_foreign = one.context.is_some() && to.context.is_some() && one.context != to.context;
        let in_tests = edge.declared.kind == Kind::Dev;
        let listed = role.uses.iter().any(|used| used.get_ref() == other)
            || in_tests && role.dev.iter().any(|used| used.get_ref() == other);
        let is_judged_by_others = is_foreign && !workspace.is_open(to);
        if !listed && !is_judged_by_others {
            let test = if in_tests { "'s tests" } else { "" };
            let turn = format!("turn the edge round with a trait that `{}` owns", one.name());
            let fix = if !in_tests && workspace.plan.stands_on(other, name) {
                format!("{turn}: {other} stands on {name}, so `uses` can't have it")
            } else {
                format!("{turn}, or add `{other}` to the role `{name}` in `{PLAN}`")
            };
            found.note(
                (manifest(one), edge.declared.line),
                format!("{} -> {}", one.name(), to.name()),
                format!(
                    "`{}`{test} ({name}) may not depend on `{}` ({other})",
                    one.name(),
                    to.name()
                ),
                fix,
            );
        }
    }
}

fn layers(workspace: &Workspace, one: &Crate, found: &mut Found) {
    let [role] = one.roles.as_slice() else { return };
    let layers = Layers::of(&workspace.plan.layer, role);
    for (folder, source) in one.folders() {
        let Some((name, layer)) = layers.of_file(folder, &source.path) else { continue };
        for named in source.live() {
            let Some(target) = one.folder_behind(source, named) else { continue };
            let Some((other, _)) = layers.behind(&target) else { continue };
            found.look();
            if other != name && !layer.uses.iter().any(|used| used.get_ref() == other) {
                found.note(
                    (&source.path, named.line),
                    format!("{name} -> {other}"),
                    format!(
                        "`{}` is in the layer {name} and names `{}` of the layer {other}",
                        one.name(),
                        named.path
                    ),
                    format!("pass in what it needs, or move the file out of the layer {name}"),
                );
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let mut proofs: Vec<Proof> = backwards(workspace).into_iter().collect();
    proofs.extend(upwards(workspace));
    proofs.extend(sideways(workspace).filter(|_| proofs.is_empty()));
    proofs
}

/// A crate that depends on one of a role that its own may not know; its near miss depends once more on one that it may.
fn sideways(workspace: &Workspace) -> Option<Proof> {
    let all: Vec<&Crate> = libraries(workspace).collect();
    let role = |one: &Crate| one.roles.first().cloned().unwrap_or_default();
    let knows = |one: &Crate, other: &Crate| {
        let planned = workspace.role(one).into_iter();
        let mut used = planned.flat_map(|role| role.uses.iter().chain(&role.dev));
        used.any(|used| *used.get_ref() == role(other))
    };
    let is_near = |one: &Crate, other: &Crate| one.context == other.context;
    let pairs = all.iter().flat_map(|one| all.iter().map(move |other| (*one, *other)));
    let mut strangers = pairs.filter(|(one, other)| is_near(one, other) && !knows(one, other));
    strangers.find_map(|(one, other)| {
        let mut below = one.edges.iter().filter_map(|edge| Some(&workspace.crates[edge.to?]));
        let below = below.find(|to| is_near(one, to) && knows(one, to))?;
        Some(Proof {
            does: "depends on a crate of a role that it may not know",
            breaks: Edit::depend(manifest(one), "dev-dependencies", &on(one, other)),
            at: at(manifest(one), other.name()),
            also: &["G13"],
            spares: Edit::depend(
                manifest(one),
                "target.'cfg(unheard_of)'.dev-dependencies",
                &on(one, below),
            ),
        })
    })
}

/// A contract that depends on its own implementation.
fn backwards(workspace: &Workspace) -> Option<Proof> {
    let own = workspace.implementations().find_map(|one| {
        let contract = crate::rules::scene::contract_of(workspace, one.context())?;
        let depends = one
            .edges
            .iter()
            .any(|edge| edge.to.is_some_and(|to| workspace.crates[to].name() == contract.name()));
        depends.then_some((contract, one))
    });
    let (contract, one) = own?;
    Some(Proof {
        does: "lets a contract depend on its implementation",
        breaks: Edit::depend(manifest(contract), "dev-dependencies", &on(contract, one)),
        at: at(manifest(contract), one.name()),
        also: &["G08", "G13"],
        spares: Edit::depend(manifest(one), "dev-dependencies", &on(one, contract)),
    })
}

/// A layer that names one that it does not know: by its folder, by the crate's root, and from beside its own folder.
fn upwards(workspace: &Workspace) -> Vec<Proof> {
    let Some(Place { one, folder, file, above }) = place(workspace, Upwards::ToFolder) else {
        return Vec::new();
    };
    let look = |target: &str| format!("macro_rules! look {{ () => {{ crate::{target}look() }}; }}");
    let named = |target: &str| Edit::append(file, &look(target));
    let beside = one.path(&format!("src/{folder}.rs"));
    let lies = |target: &str| Edit::create(&beside, &format!("use crate::{target}::look;\n"));
    let (own, other) = (format!("{folder}::"), format!("{above}::"));
    let mut proofs = vec![Proof {
        does: "names a layer that it does not know, inside a macro",
        breaks: named(&other),
        at: at(file, "macro_rules! look"),
        also: &[],
        spares: named(&own),
    }];
    if workspace.tree.text(&beside).is_none() {
        proofs.push(Proof {
            does: "names it in a file that lies beside its folder",
            breaks: lies(above),
            at: at(&beside, "use crate::"),
            also: &[],
            spares: lies(folder),
        });
    }
    if let Some(Place { folder, file, .. }) = place(workspace, Upwards::ToRoot) {
        let call = |target: &str| format!("fn look() {{ crate::{target}look() }}");
        proofs.push(Proof {
            does: "names what lies directly below `src`, which its layer does not know",
            breaks: Edit::append(file, &call("")),
            at: at(file, "fn look()"),
            also: &[],
            spares: Edit::append(file, &call(&format!("{folder}::"))),
        });
    }
    proofs
}

/// What a layer must not name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Upwards {
    ToFolder,
    ToRoot,
}

/// A file in the folder of a layer, and the folder of one that this does not know.
struct Place<'a> {
    one: &'a Crate,
    folder: &'a str,
    file: &'a str,
    above: &'a str,
}

fn place(workspace: &Workspace, upwards: Upwards) -> Option<Place<'_>> {
    libraries(workspace).find_map(|one| {
        let [role] = one.roles.as_slice() else { return None };
        let layers = Layers::of(&workspace.plan.layer, role);
        let files = || {
            one.folders().filter(|(_, source)| !source.is_test && !source.path.ends_with("/mod.rs"))
        };
        files().filter(|(folder, _)| !folder.is_empty()).find_map(|(folder, source)| {
            let (name, layer) = layers.of_file(folder, &source.path)?;
            let is_unknown = |(other, _): &(&str, &File)| {
                let wanted = other.is_empty() == (upwards == Upwards::ToRoot);
                let strange = layers.behind(other).is_some_and(|(other, _)| {
                    other != name && !layer.uses.iter().any(|used| used.get_ref() == other)
                });
                wanted && strange
            };
            let (above, _) = files().find(is_unknown)?;
            Some(Place { one, folder, file: &source.path, above })
        })
    })
}
