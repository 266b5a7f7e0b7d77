use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::draft::{ContextDraft, Draft, LayerDraft, Place, RoleDraft, packages};
use super::preset::Preset;
use crate::facts::Workspace;

/// A line of a list is broken behind so many letters.
const WIDTH: usize = 120;

/// What a plan begins with.
pub(super) fn head(preset: Preset, why: &str) -> Vec<String> {
    vec![
        "The architecture as it is meant: `architecture-tests check` holds the code to it, and it to the code. Drawn up by `init`,".to_owned(),
        "from folders, names and declared edges; from here on it is yours. Give things better names, part what is two things, and".to_owned(),
        "delete from `uses` what should not be: what is there already goes into the baseline, and what is new is red.".to_owned(),
        String::new(),
        format!("Preset: {preset}, for {why}."),
    ]
}

/// The text of a plan.
pub(super) fn plan(workspace: &Workspace, draft: &Draft, contexts: &[Option<String>]) -> String {
    let mut text = String::new();
    for line in &draft.head {
        let _ = writeln!(text, "{}", format!("# {line}").trim_end());
    }
    if !draft.takes_in.is_empty() {
        let _ = writeln!(text, "\n[layout]\n# These take in text of other folders.");
        list(&mut text, "takes_in", draft.takes_in.iter());
    }
    limits(&mut text, workspace, draft);
    let _ = writeln!(
        text,
        "\n# ---- What crates are for, from what others stand on to what stands on them"
    );
    for one in &draft.roles {
        role(&mut text, workspace, draft, one, contexts);
    }
    if !draft.layers.is_empty() {
        let _ = writeln!(text, "\n# ---- The folders below `src`");
    }
    for one in &draft.layers {
        layer(&mut text, one);
    }
    if !draft.contexts.is_empty() {
        let _ = writeln!(text, "\n# ---- Contexts: who owns them, and whom they call");
    }
    for (name, one) in &draft.contexts {
        context(&mut text, name, one);
    }
    if !draft.off.is_empty() {
        let _ = writeln!(text, "\n# ---- Not held to begin with\n\n[off]");
    }
    for (rule, why) in &draft.off {
        let _ = writeln!(text, "{rule} = {}", quoted(why));
    }
    text
}

fn limits(text: &mut String, workspace: &Workspace, draft: &Draft) {
    let sources = || workspace.crates.iter().flat_map(|one| &one.sources);
    let Some(file) = sources().map(|source| source.lines).max() else { return };
    let functions =
        sources().flat_map(|source| &source.functions).map(|function| function.lines).max();
    let depth = |one: &crate::facts::Crate| {
        let below = format!("{}/", one.path("src"));
        let files = one.sources.iter().filter_map(|source| {
            source.path.strip_prefix(&below).map(|rest| rest.matches('/').count())
        });
        files.collect::<Vec<_>>()
    };
    let _ = writeln!(
        text,
        "\n[limits]\n# The largest there are. Lower them when these are parted, and none grows so large again.\nfile_lines = {file}"
    );
    if let Some(functions) = functions {
        let _ = writeln!(text, "function_lines = {functions}");
    }
    if let Some(depth) = workspace.crates.iter().flat_map(depth).max() {
        let _ = writeln!(text, "folders = {depth}");
    }
    let calls = draft.contexts.values().map(|context| context.calls.len()).max();
    if let Some(calls) = calls {
        let _ = writeln!(text, "calls = {calls}");
    }
}

fn role(
    text: &mut String,
    workspace: &Workspace,
    draft: &Draft,
    role: &RoleDraft,
    contexts: &[Option<String>],
) {
    let _ = writeln!(text, "\n[role.{}]\nis = {}", key(&role.name), quoted(&role.is));
    list(text, "crates", role.patterns.iter());
    match role.place {
        Place::Inside => {}
        Place::Open => text.push_str("open = true\n"),
        Place::Root => text.push_str("root = true\n"),
        Place::Tests => text.push_str("test_support = true\n"),
    }
    let (uses, dev) = draft.uses(workspace, role, contexts);
    list(text, "uses", uses.into_iter());
    list(text, "dev", dev.into_iter());
    if role.chooses {
        let packages = packages(workspace, &role.members);
        if packages.is_empty() {
            text.push_str("external = []\n");
        } else {
            list(text, "external", packages.into_iter());
        }
    }
}

fn layer(text: &mut String, layer: &LayerDraft) {
    let LayerDraft { name, is, role, folders, uses, names } = layer;
    let _ = writeln!(text, "\n[layer.{}]\nis = {}\nrole = {}", key(name), quoted(is), quoted(role));
    if folders.as_slice() != [name.as_str()] {
        list(text, "folders", folders.iter());
    }
    list(text, "uses", uses.iter());
    match names {
        Some(names) if names.is_empty() => text.push_str("names = []\n"),
        Some(names) => list(text, "names", names.iter()),
        None => {}
    }
}

fn context(text: &mut String, name: &str, context: &ContextDraft) {
    let _ = writeln!(
        text,
        "\n[context.{}]\nis = {}\nowner = \"nobody yet\"",
        key(name),
        quoted(&format!("what `{name}` is for: say it in a sentence"))
    );
    list(text, "crates", context.crates.iter());
    if !context.calls.is_empty() {
        let _ = writeln!(text, "[context.{}.calls]", key(name));
    }
    for called in &context.calls {
        let _ = writeln!(text, "{} = \"found by `init`: say why\"", key(called));
    }
}

/// A list on one line, or on several where it is long; none where it is empty.
fn list<T: AsRef<str>>(text: &mut String, name: &str, items: impl Iterator<Item = T>) {
    let items: Vec<String> =
        items.map(|item| quoted(item.as_ref())).collect::<BTreeSet<_>>().into_iter().collect();
    let line = format!("{name} = [{}]", items.join(", "));
    if items.is_empty() {
        return;
    }
    if line.len() <= WIDTH {
        let _ = writeln!(text, "{line}");
        return;
    }
    let _ = write!(text, "{name} = [");
    let mut room = 0;
    for item in items {
        if item.len() + 2 > room {
            text.push_str("\n ");
            room = WIDTH - 2;
        }
        room = room.saturating_sub(item.len() + 2);
        let _ = write!(text, " {item},");
    }
    text.push_str("\n]\n");
}

fn key(name: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
