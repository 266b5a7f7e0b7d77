use std::fmt::Write as _;

use super::map::{Map, tables};
use crate::facts::{Crate, Workspace};
use crate::plan::Context;

/// The page of each context: its contract, its events, its tables, its features and placements.
pub fn pages(workspace: &Workspace) -> Vec<(String, String)> {
    let map = Map::of(workspace);
    let contexts = workspace.plan.context.iter().filter(|(_, context)| !context.uncalled);
    contexts
        .map(|(name, context)| {
            (format!("{}.md", name.get_ref()), page(workspace, &map, name.get_ref(), context))
        })
        .collect()
}

fn page(workspace: &Workspace, map: &Map<'_>, name: &str, context: &Context) -> String {
    let mut text = format!(
        "# {name}\n\nGenerated from the code and `architecture.toml`; `graph --write` writes it anew.\n\n{}. Owner: {}.\n",
        capital(&context.is),
        context.owner
    );
    if let Some(elsewhere) = &context.elsewhere {
        let _ = writeln!(text, "Its implementation is in `{elsewhere}`.");
    }
    contract(workspace, name, &mut text);
    calls(map, name, &mut text);
    events(workspace, map, name, &mut text);
    data(workspace, name, &mut text);
    placements(workspace, name, &mut text);
    text
}

fn contract(workspace: &Workspace, name: &str, text: &mut String) {
    let own = workspace.contracts().filter(|one| one.context.as_deref() == Some(name));
    let traits = own
        .flat_map(|one| workspace.vocabularies(one))
        .flat_map(|(_, vocabulary)| &vocabulary.traits);
    for declared in traits {
        let Some((stable, version)) = &declared.contract else { continue };
        let _ = writeln!(
            text,
            "\n## Contract `{stable}.v{version}`\n\n| method | effect | message |\n|---|---|---|"
        );
        for method in &declared.methods {
            let effect = method.effect.replace(" ,", ",");
            let _ = writeln!(text, "| `{}` | {effect} | `{}` |", method.name, method.message);
        }
    }
}

fn calls(map: &Map<'_>, name: &str, text: &mut String) {
    let out: Vec<_> = map.calls.iter().filter(|(from, _, _)| *from == name).collect();
    let by: Vec<&str> =
        map.calls.iter().filter(|(_, to, _)| *to == name).map(|(from, _, _)| *from).collect();
    text.push_str("\n## Calls\n\n");
    for (_, to, why) in &out {
        let _ = writeln!(text, "- [{to}]({to}.md): {why}");
    }
    if out.is_empty() {
        text.push_str("- it calls nobody\n");
    }
    let by = if by.is_empty() { "nobody".to_owned() } else { by.join(", ") };
    let _ = writeln!(text, "- called by {by}");
}

fn events(workspace: &Workspace, map: &Map<'_>, name: &str, text: &mut String) {
    let own = workspace.contracts().filter(|one| one.context.as_deref() == Some(name));
    let told = own
        .flat_map(|one| workspace.vocabularies(one))
        .flat_map(|(_, vocabulary)| &vocabulary.events);
    let mut lines = String::new();
    for (_, event, _) in told {
        let hearing = map.events.iter().filter(|(_, _, events)| events.contains(&event.as_str()));
        let hearing: Vec<&str> = hearing.map(|(_, to, _)| *to).collect();
        let hearing = if hearing.is_empty() { "nobody yet".to_owned() } else { hearing.join(", ") };
        let _ = writeln!(lines, "| out | `{event}` | {hearing} |");
    }
    for (event, why) in
        workspace.plan.context(name).into_iter().flat_map(|context| &context.listens)
    {
        let _ = writeln!(lines, "| in | `{}` | {why} |", event.get_ref());
    }
    if !lines.is_empty() {
        let _ =
            write!(text, "\n## Events\n\n| | event | heard by, or why |\n|---|---|---|\n{lines}");
    }
}

fn data(workspace: &Workspace, name: &str, text: &mut String) {
    let tables = tables(workspace, name);
    if !tables.is_empty() {
        text.push_str("\n## Tables\n\nBesides those that every schema begins with.\n\n");
    }
    for (schema, tables) in tables {
        let _ = writeln!(text, "- `{schema}`: `{}`", tables.join("`, `"));
    }
}

fn placements(workspace: &Workspace, name: &str, text: &mut String) {
    let root = |one: &&Crate| workspace.role(one).is_some_and(|role| role.root);
    let Some(root) = workspace.crates.iter().find(root) else { return };
    let has = |feature: &str| root.manifest.features.contains_key(feature);
    let ways = [
        (name.to_owned(), "local"),
        (format!("{name}-http"), "http"),
        (format!("{name}-nats"), "nats"),
    ];
    let ways: Vec<String> = ways
        .iter()
        .filter(|(feature, _)| has(feature))
        .map(|(feature, way)| format!("`{way}` by the feature `{feature}`"))
        .collect();
    if !ways.is_empty() {
        let _ = writeln!(
            text,
            "\n## Placements\n\n{} of `{}`.",
            capital(&ways.join(", ")),
            root.name()
        );
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
