use crate::edit::Edit;
use crate::facts::{Crate, Kind, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::{Layers, PLAN};
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries, manifest};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G07",
    name: "chosen-packages",
    why: "rules must outlive frameworks, and what a module links it takes along when it moves",
    needs: Need::Packages,
    explain: "Crates of a role with `external` depend outside tests on those packages alone, so no transport gets into a module. \
              A layer with `names` names only those roles and packages, so no framework gets into a domain, even where its crate \
              has it. Contracts are `G08`.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.crates.iter().filter(|one| !workspace.is_open(one)) {
        packages(workspace, one, found);
        layers(workspace, one, found);
    }
}

fn packages(workspace: &Workspace, one: &Crate, found: &mut Found) {
    let [name] = one.roles.as_slice() else { return };
    let Some(chosen) = workspace.role(one).and_then(|role| role.external.as_ref()) else { return };
    found.look();
    for edge in one.edges.iter().filter(|edge| edge.to.is_none() && edge.declared.kind != Kind::Dev)
    {
        let package = &edge.declared.package;
        if !chosen.iter().any(|chosen| chosen.get_ref() == package) {
            found.note(
                (manifest(one), edge.declared.line),
                format!("{} -> {package}", one.name()),
                format!("`{}` ({name}) depends on `{package}`, which crates of its role do without", one.name()),
                format!("move what needs it behind a port, or add `{package}` to `external` of the role `{name}` in `{PLAN}`"),
            );
        }
    }
}

fn layers(workspace: &Workspace, one: &Crate, found: &mut Found) {
    let [role] = one.roles.as_slice() else { return };
    let layers = Layers::of(&workspace.plan.layer, role);
    for (folder, source) in one.folders() {
        let Some((name, layer)) = layers.of_file(folder, &source.path) else { continue };
        let Some(names) = &layer.names else { continue };
        found.look();
        for named in source.live() {
            let Some(edge) = one.edges.iter().find(|edge| edge.declared.is_called(named.first()))
            else {
                continue;
            };
            let role = edge.to.and_then(|to| workspace.crates[to].roles.first());
            let called = role.unwrap_or(&edge.declared.package);
            if !names.iter().any(|chosen| chosen.get_ref() == called) {
                found.note(
                    (&source.path, named.line),
                    format!("{name} -> {}", edge.declared.name),
                    format!(
                        "`{}` is named in the layer {name} of `{}`, which does without `{}`",
                        named.path,
                        one.name(),
                        edge.declared.name
                    ),
                    format!(
                        "{}; move the code out of `{folder}`, or give it plain values",
                        layer.is
                    ),
                );
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let mut proofs = Vec::new();
    let strict = libraries(workspace).find_map(|one| {
        let chosen = workspace.role(one)?.external.as_ref()?;
        let has = |package: &str| one.edges.iter().any(|edge| edge.declared.name == package);
        let allowed = chosen
            .iter()
            .map(|package| package.get_ref().as_str())
            .find(|package| !has(package))?;
        Some((one, allowed))
    });
    if let Some((one, allowed)) = strict {
        proofs.push(Proof {
            does: "links a framework into a module",
            breaks: Edit::depend(manifest(one), "dependencies", "axum.workspace = true"),
            at: at(manifest(one), "axum"),
            also: &["G13"],
            spares: Edit::depend(
                manifest(one),
                "dev-dependencies",
                &format!("{allowed}.workspace = true"),
            ),
        });
    }
    proofs.extend(in_layer(workspace));
    proofs
}

/// A framework in a layer that names few.
fn in_layer(workspace: &Workspace) -> Option<Proof> {
    libraries(workspace).find_map(|one| {
        let [role] = one.roles.as_slice() else { return None };
        let layers = Layers::of(&workspace.plan.layer, role);
        let strict = |(folder, source): &(&str, &crate::facts::File)| {
            !source.is_test
                && !source.path.ends_with("/mod.rs")
                && layers
                    .of_file(folder, &source.path)
                    .is_some_and(|(_, layer)| layer.names.is_some())
        };
        let (_, source) = one.folders().find(strict)?;
        let breaks = Edit::depend(manifest(one), "dependencies", "axum = \"1\"");
        Some(Proof {
            does: "names a framework in a domain",
            breaks: breaks.then(Edit::append(
                &source.path,
                "fn answer() -> axum::Json<u8> { axum::Json(1) }",
            )),
            at: at(&source.path, "axum::Json"),
            also: &["G12", "S09"],
            spares: Edit::append(
                &source.path,
                "fn answer() -> std::num::NonZeroU8 { std::num::NonZeroU8::MIN }",
            ),
        })
    })
}
