use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::{Layers, PLAN};
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries, manifest};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G01",
    name: "exhaustive",
    why: "what nobody classified escapes every rule",
    needs: Need::Nothing,
    explain: "Every member of the workspace matches the patterns of exactly one role in `architecture.toml`, the context that its \
              folder names is declared there, and every folder below the `src` of a role with layers is in one of them.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        found.look();
        role(one, found);
        context(workspace, one, found);
        folders(workspace, one, found);
    }
}

fn role(one: &Crate, found: &mut Found) {
    let (name, folder) = (one.name(), &one.manifest.folder);
    match one.roles.as_slice() {
        [_] => {}
        [] => found.note(
            (manifest(one), 1),
            name,
            format!("no line of `{PLAN}` says what the crate `{name}` is for"),
            format!("add `{folder}` to the `crates` of a role in `{PLAN}`, or move the crate to where its role's crates are"),
        ),
        roles => found.note(
            (manifest(one), 1),
            name,
            format!("the crate `{name}` has {} roles: {}", roles.len(), roles.join(", ")),
            format!("narrow the patterns in `{PLAN}` until one is left"),
        ),
    }
}

fn context(workspace: &Workspace, one: &Crate, found: &mut Found) {
    let Some(context) = one.context.as_deref() else { return };
    if workspace.plan.context(context).is_none() {
        found.note(
            (manifest(one), 1),
            context,
            format!(
                "the crate `{}` is of the context `{context}`, which is not declared",
                one.name()
            ),
            format!("add `[context.{context}]` with `is` and `owner` to `{PLAN}`"),
        );
    }
}

fn folders(workspace: &Workspace, one: &Crate, found: &mut Found) {
    let [role] = one.roles.as_slice() else { return };
    let layers = Layers::of(&workspace.plan.layer, role);
    if layers.is_empty() {
        return;
    }
    for (folder, source) in one.folders() {
        if layers.of_file(folder, &source.path).is_none() && !source.is_test {
            let place = one.path(&format!("src/{folder}"));
            found.note(
                (&source.path, 1),
                folder,
                format!("no layer of the role `{role}` has the folder `{place}`"),
                format!("move the file, or add `{folder}` to the `folders` of a layer in `{PLAN}`"),
            );
        }
    }
}

/// Where nobody lays a crate.
const NOWHERE: &str = "unheard_of/by/anybody";
const MEMBERS: &str = "\nmembers = [";

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let mut proofs = Vec::new();
    let (path, text) = (format!("{NOWHERE}/Cargo.toml"), "[package]\nname = \"unheard-of\"\n");
    let root = workspace.tree.text("Cargo.toml").is_some_and(|root| root.contains(MEMBERS));
    if root {
        let members = format!("{MEMBERS}\n  \"{NOWHERE}\",");
        proofs.push(Proof {
            does: "adds a crate that no role expects",
            breaks: Edit::create(&path, text).then(Edit::replace("Cargo.toml", MEMBERS, &members)),
            at: at(&path, "[package]"),
            also: &[],
            spares: Edit::create(&path, text),
        });
    }
    if let Some((crate_of, layer)) = layered(workspace) {
        let folder = crate_of.path("src/unheard_of/rows.rs");
        let known = crate_of.path(&format!("src/{layer}/unheard_of.rs"));
        proofs.push(Proof {
            does: "adds a folder that no layer has",
            breaks: Edit::create(&folder, "struct Row;\n"),
            at: at(&folder, "struct Row"),
            also: &[],
            spares: Edit::create(&known, "struct Row;\n"),
        });
    }
    proofs
}

/// A crate with a folder of a layer.
fn layered(workspace: &Workspace) -> Option<(&Crate, &str)> {
    libraries(workspace).find_map(|one| {
        let (folder, _) =
            one.folders().find(|(folder, _)| workspace.plan.layer.contains_key(*folder))?;
        Some((one, folder))
    })
}
