use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::edit::Edit;
use crate::facts::{Type, Vocabulary, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "C02",
    name: "golden-events",
    why: "an event that was told is stored and on its way, and must be understood for ever",
    needs: Need::Documents,
    explain: "Each event has its document and an example that was told once (`events/<name>.json`, `events/<name>.example.json`). \
              The event's type has a field, or an alias, for all that the example says, and needs nothing that the example lacks. \
              The example is never written anew: it is the past. What can't be found, the type or what was told, is a finding, \
              and so is a type that refuses fields which a later version adds.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let mut expected = BTreeSet::new();
    for one in workspace.remote() {
        for (path, vocabulary) in workspace.vocabularies(one) {
            for (kind, name, line) in &vocabulary.events {
                found.look();
                let names = [format!("events/{name}.json"), format!("events/{name}.example.json")];
                for file in names.iter().filter(|file| workspace.document(file).is_none()) {
                    let what = format!("the event `{name}` has no `{file}`");
                    let fix = "`cargo run -p galleria -- contracts export` writes the document; write an example of what is told by hand";
                    found.note((path, *line), file, what, fix);
                }
                example(workspace, (path, *line), (vocabulary, kind, name), found);
                expected.extend(names);
            }
        }
    }
    left_over(workspace, &expected, found);
}

/// Holds the type of an event to what it told once.
fn example(
    workspace: &Workspace,
    (path, line): (&str, usize),
    (vocabulary, kind, name): (&Vocabulary, &str, &str),
    found: &mut Found,
) {
    let Some(declared) = type_of(vocabulary, kind) else {
        let what = format!("the type `{kind}` of the event `{name}` is not declared in its file");
        let fix = "declare the type beside its `impl Event`, where both are read";
        return found.note((path, line), kind, what, fix);
    };
    if declared.is_closed {
        let what = format!("`{kind}` refuses fields that it does not know yet");
        let fix = "take `deny_unknown_fields` away; who tells it later tells more";
        found.note((path, declared.line), format!("{kind} closed"), what, fix);
    }
    let Some((file, told)) = workspace.document(&format!("events/{name}.example.json")) else {
        return;
    };
    if let Some(told) = told["data"].as_object() {
        understood((path, kind, declared), told, found);
    } else {
        let what = format!("the example of `{name}` tells nothing: it has no object `data`");
        found.note((&file, 1), name, what, "write what was told into `data`");
    }
}

/// The type of an event; where a macro of the file writes it, the one that it writes for all.
fn type_of<'a>(vocabulary: &'a Vocabulary, kind: &str) -> Option<&'a Type> {
    let named = |wanted: &str| vocabulary.types.iter().find(|declared| declared.name == wanted);
    named(kind).or_else(|| named(""))
}

fn understood(
    (path, kind, declared): (&str, &str, &Type),
    told: &Map<String, Value>,
    found: &mut Found,
) {
    for lost in
        told.keys().filter(|key| !declared.fields.iter().any(|(names, _, _)| names.contains(key)))
    {
        found.note(
            (path, declared.line),
            format!("{kind}.{lost}"),
            format!("`{kind}` has no field for `{lost}`, which it told once"),
            format!("put it back, keep `#[serde(alias = \"{lost}\")]`, or tell a new version beside this one"),
        );
    }
    for (names, can_lack, line) in &declared.fields {
        if !can_lack && !names.iter().any(|name| told.contains_key(name)) {
            found.note(
                (path, *line),
                format!("{kind}.{}", names[0]),
                format!("`{kind}` needs `{}`, which was not told once", names[0]),
                "give it `#[serde(default)]`, or tell a new version beside this one",
            );
        }
    }
}

fn left_over(workspace: &Workspace, expected: &BTreeSet<String>, found: &mut Found) {
    let folder = format!("{}/", workspace.plan.layout.documents.as_deref().unwrap_or_default());
    let named = workspace.documents().filter_map(|path| Some((path, path.strip_prefix(&folder)?)));
    for (path, name) in
        named.filter(|(_, name)| name.starts_with("events/") && !expected.contains(*name))
    {
        found.note(
            (path, 1),
            name,
            format!("`{name}` is of no event that a contract declares"),
            "put the event back; what was told is replayed",
        );
    }
}

/// An event with more than one field: its file, its name, its first field and the line of that, its type.
fn event(workspace: &Workspace) -> Option<(&str, &str, String, String, &str)> {
    workspace.remote().find_map(|one| {
        workspace.vocabularies(one).find_map(|(path, vocabulary)| {
            let (kind, name, _) = vocabulary.events.first()?;
            let declared = vocabulary.types.iter().find(|declared| declared.name == *kind)?;
            let (names, _, line) = declared.fields.first().filter(|_| declared.fields.len() > 1)?;
            let line = workspace.tree.text(path)?.lines().nth(line - 1)?.to_owned();
            Some((path, name.as_str(), names[0].clone(), line, kind.as_str()))
        })
    })
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some((path, name, field, line, kind)) = event(workspace) else { return Vec::new() };
    let anew = format!("{field}_anew");
    let renamed = line.replacen(&field, &anew, 1);
    let kept = format!("    #[serde(alias = \"{field}\", default)]\n{renamed}");
    let folder = workspace.plan.layout.documents.clone().unwrap_or_default();
    let document = format!("{folder}/events/{name}.json");
    let regenerated = Edit::replace(&document, &format!("\"{field}\""), &format!("\"{anew}\""));
    let way = |does, breaks, at, spares| Proof { does, breaks, at, also: &[], spares };
    let changed = |line: &str, to: &str| Edit::replace(path, line, to);
    let kept = changed(&line, &kept);
    let fresh = |kind: &str| changed(&line, &format!("{line}\n    pub fresh: {kind},"));
    let head = format!("pub struct {kind}");
    let closed = |how: &str| changed(&head, &format!("#[serde({how})]\n{head}"));
    let declared = || at(path, &format!("struct {kind}"));
    vec![
        way("takes a field away from an event", changed(&line, ""), declared(), kept.clone()),
        way(
            "gives a field another name, and writes the document anew",
            changed(&line, &renamed).then(regenerated),
            declared(),
            kept,
        ),
        way(
            "refuses what it does not know",
            closed("deny_unknown_fields"),
            declared(),
            closed("rename_all = \"snake_case\""),
        ),
        way("needs what was never told", fresh("u64"), at(path, "pub fresh"), fresh("Option<u64>")),
    ]
    .into_iter()
    .chain(examples(path, kind, &format!("{folder}/events/{name}.example.json")))
    .collect()
}

/// An example that is not there, and one that says nothing.
fn examples(path: &str, kind: &str, example: &str) -> [Proof; 2] {
    [
        Proof {
            does: "has no example of what it told",
            breaks: Edit::remove(example),
            at: at(path, kind),
            also: &[],
            spares: Edit::append(path, "// A word more."),
        },
        Proof {
            does: "has an example that tells nothing",
            breaks: Edit::replace(example, "\"data\":", "\"told\":"),
            at: at(example, "{"),
            also: &[],
            spares: Edit::append(example, ""),
        },
    ]
}
