//! What the plan's layers, contexts and lists permit, and whether anybody does it.

use toml::Spanned;

use super::g04_no_unused_allowance::note;
use crate::edit::Edit;
use crate::facts::{Crate, File, Workspace};
use crate::finding::Found;
use crate::plan::{Layer, Layers, PLAN, Pattern, as_written};
use crate::proof::Proof;
use crate::rules::scene::{at, callers};

/// Whom layers know, and what they name.
pub(super) fn layers(workspace: &Workspace, found: &mut Found) {
    for (name, layer) in &workspace.plan.layer {
        let name = name.get_ref().as_str();
        let files = files(workspace, name, layer);
        found.looked_at += layer.uses.len() + layer.names.iter().flatten().count();
        for used in unknown(workspace, layer, &files) {
            let what = format!(
                "no file of the layer `{name}` names one of the layer `{}`",
                used.get_ref()
            );
            note(workspace, used, what, found);
        }
        for wanted in uncalled(workspace, layer, &files) {
            let what = format!("no file of the layer `{name}` names `{}`", wanted.get_ref());
            note(workspace, wanted, what, found);
        }
    }
}

/// The files of a layer that are shipped.
fn files<'a>(workspace: &'a Workspace, name: &str, layer: &Layer) -> Vec<(&'a Crate, &'a File)> {
    let layers = Layers::of(&workspace.plan.layer, &layer.role);
    let is_own = |one: &&Crate| one.roles.contains(&layer.role);
    let files = workspace.crates.iter().filter(is_own);
    let files = files.flat_map(|one| one.folders().map(move |(folder, file)| (one, folder, file)));
    let is_in = |folder: &str, file: &File| {
        layers.of_file(folder, &file.path).is_some_and(|(own, _)| own == name)
    };
    let own = files.filter(|(_, folder, file)| !file.is_test && is_in(folder, file));
    own.map(|(one, _, file)| (one, file)).collect()
}

/// The layers in `uses` that no file leads to.
fn unknown<'a>(
    workspace: &Workspace,
    layer: &'a Layer,
    files: &[(&Crate, &File)],
) -> Vec<&'a Spanned<String>> {
    let layers = Layers::of(&workspace.plan.layer, &layer.role);
    let mut open: Vec<&Spanned<String>> = layer.uses.iter().collect();
    for (one, file) in files {
        if open.is_empty() {
            return open;
        }
        let reached = file.live().filter_map(|named| one.folder_behind(file, named));
        for (other, _) in reached.filter_map(|folder| layers.behind(&folder)) {
            open.retain(|used| used.get_ref() != other);
        }
    }
    open
}

/// The roles and packages in `names` that no file names.
fn uncalled<'a>(
    workspace: &Workspace,
    layer: &'a Layer,
    files: &[(&Crate, &File)],
) -> Vec<&'a Spanned<String>> {
    let mut open: Vec<&Spanned<String>> = layer.names.iter().flatten().collect();
    for (one, file) in files {
        if open.is_empty() {
            return open;
        }
        for edge in &one.edges {
            let role = edge.to.and_then(|to| workspace.crates[to].roles.first());
            let called = role.unwrap_or(&edge.declared.package);
            let is_named = || file.live().any(|named| edge.declared.is_called(named.first()));
            if open.iter().any(|wanted| wanted.get_ref() == called) && is_named() {
                open.retain(|wanted| wanted.get_ref() != called);
            }
        }
    }
    open
}

/// The lists that `forbids` names, and those that nobody is forbidden.
pub(super) fn lists(workspace: &Workspace, found: &mut Found) {
    let plan = &workspace.plan;
    let roles = plan.role.values().flat_map(|role| &role.forbids);
    let said: Vec<_> = roles.chain(plan.layer.values().flat_map(|layer| &layer.forbids)).collect();
    for list in said.iter().filter(|list| !plan.forbidden.contains_key(list.get_ref().as_str())) {
        found.note(
            (PLAN, plan.line(list)),
            list.get_ref(),
            format!("there is no list `{}`, so nothing of it is forbidden", list.get_ref()),
            format!("name a list of `{PLAN}`, or add `[forbidden.{}]`", list.get_ref()),
        );
    }
    for name in plan.forbidden.keys() {
        found.look();
        if !said.iter().any(|list| list.get_ref() == name.get_ref()) {
            let what = format!("the list `{}` is forbidden to nobody", name.get_ref());
            note(workspace, name, what, found);
        }
    }
}

/// The folders and schemas of contexts.
pub(super) fn contexts(workspace: &Workspace, found: &mut Found) {
    for (name, context) in &workspace.plan.context {
        for pattern in &context.crates {
            found.look();
            let matches = Pattern::new(pattern.get_ref());
            let mut folders = workspace.crates.iter().map(|one| as_written(&one.manifest.folder));
            if !folders.any(|folder| matches.matches(folder)) {
                let what = format!("the pattern `{}` matches no crate", pattern.get_ref());
                note(workspace, pattern, what, found);
            }
        }
        for schema in &context.schemas {
            found.look();
            let mut schemas = workspace.migrations.iter().map(|one| one.schema.as_deref());
            if !schemas.any(|known| known == Some(schema.get_ref())) {
                let what = format!(
                    "the schema `{}` of {} has no migration",
                    schema.get_ref(),
                    name.get_ref()
                );
                note(workspace, schema, what, found);
            }
        }
    }
}

/// Reasons that say nothing.
pub(super) fn reasons(workspace: &Workspace, found: &mut Found) {
    let plan = &workspace.plan;
    let contexts = plan.context.values();
    let edges = contexts.flat_map(|context| context.calls.iter().chain(&context.listens));
    let lists = plan.forbidden.iter().map(|(name, list)| (name, &list.why));
    let exceptions = plan.except.iter().map(|except| (&except.rule, &except.why));
    for (said, why) in edges.chain(&plan.off).chain(lists).chain(exceptions) {
        found.look();
        if why.trim().is_empty() {
            found.note(
                (PLAN, plan.line(said)),
                format!("why {}", said.get_ref()),
                format!("`{}` has no reason", said.get_ref()),
                "say why, in a sentence; who comes later can't ask",
            );
        }
    }
}

pub(super) fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let spares = Edit::append(PLAN, "# A word more.");
    let way = |does, breaks, text: &str| Proof {
        does,
        breaks,
        at: at(PLAN, text),
        also: &[],
        spares: spares.clone(),
    };
    let list = "\n[forbidden.unheard-of]\nwhy = \"a proof\"\ninstead = \"\"\npaths = []";
    let mut proofs =
        vec![way("has a list that nobody is forbidden", Edit::append(PLAN, list), "unheard-of")];
    if let Some(edit) = more(workspace, "forbids") {
        proofs.push(way("forbids a list that there is not", edit, "unheard-of"));
    }
    if let Some(edit) = more(workspace, "names") {
        proofs.push(way("lets a layer name what it does not", edit, "unheard-of"));
    }
    let plan = &workspace.plan;
    let idle = plan.layer.iter().find(|(_, layer)| layer.uses.is_empty());
    let idle = idle.and_then(|(name, _)| said(workspace, "layer", name.get_ref(), "uses"));
    proofs
        .extend(idle.map(|edit| way("lets a layer know one that it does not", edit, "unheard-of")));
    let bare = plan.context.iter().find(|(_, one)| one.schemas.is_empty() && one.crates.is_empty());
    if let Some((name, _)) = bare {
        let said = |kind| said(workspace, "context", name.get_ref(), kind);
        let schema = |edit| way("gives a context a schema that there is not", edit, "unheard-of");
        let crates = |edit| way("gives it crates that there are not", edit, "unheard-of");
        proofs.extend(said("schemas").map(schema));
        proofs.extend(said("crates").map(crates));
    }
    proofs.extend(unsaid(workspace).map(|edit| way("calls without a reason", edit, "= \"\"")));
    proofs
}

/// One name more in the first list of that kind.
fn more(workspace: &Workspace, kind: &str) -> Option<Edit> {
    let begins = format!("\n{kind} = [\"");
    let is_there = workspace.tree.text(PLAN)?.contains(&begins);
    is_there.then(|| Edit::replace(PLAN, &begins, &format!("{begins}unheard-of\", \"")))
}

/// A list of one name in a table that has none of that kind.
fn said(workspace: &Workspace, table: &str, name: &str, kind: &str) -> Option<Edit> {
    let header = format!("[{table}.{name}]\n");
    let is_there = workspace.tree.text(PLAN)?.contains(&header);
    is_there.then(|| Edit::replace(PLAN, &header, &format!("{header}{kind} = [\"unheard-of\"]\n")))
}

/// A call whose reason is taken away.
fn unsaid(workspace: &Workspace) -> Option<Edit> {
    let (one, called) = callers(workspace).next()?;
    let reason = workspace.plan.context(one.context())?.calls.get(called)?;
    Some(Edit::replace(PLAN, &format!("= \"{reason}\""), "= \"\""))
}
