use std::collections::BTreeSet;

use serde_json::Value;

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
              The example is never written anew: it is the past.",
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
                let (document, example) =
                    (format!("events/{name}.json"), format!("events/{name}.example.json"));
                for file in [&document, &example] {
                    if workspace.document(file).is_none() {
                        let fix = "`cargo run -p galleria -- contracts export` writes the document; write an example of what is told by hand";
                        found.note(
                            (path, *line),
                            file,
                            format!("the event `{name}` has no `{file}`"),
                            fix,
                        );
                    }
                }
                if let (Some((_, told)), Some(declared)) =
                    (workspace.document(&example), type_of(vocabulary, kind))
                {
                    understood((path, kind, declared), &told["data"], found);
                }
                expected.extend([document, example]);
            }
        }
    }
    left_over(workspace, &expected, found);
}

/// The type of an event; where a macro of the file writes it, the one that it writes for all.
fn type_of<'a>(vocabulary: &'a Vocabulary, kind: &str) -> Option<&'a Type> {
    let named = |wanted: &str| vocabulary.types.iter().find(|declared| declared.name == wanted);
    named(kind).or_else(|| named(""))
}

fn understood((path, kind, declared): (&str, &str, &Type), told: &Value, found: &mut Found) {
    let Some(told) = told.as_object() else { return };
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
    vec![
        Proof {
            does: "takes a field away from an event",
            breaks: Edit::replace(path, &line, ""),
            at: at(path, &format!("struct {kind}")),
            also: &[],
            spares: Edit::replace(path, &line, &kept),
        },
        Proof {
            does: "gives a field another name, and writes the document anew",
            breaks: Edit::replace(path, &line, &renamed).then(regenerated),
            at: at(path, &format!("struct {kind}")),
            also: &[],
            spares: Edit::replace(path, &line, &kept),
        },
        Proof {
            does: "needs what was never told",
            breaks: Edit::replace(path, &line, &format!("{line}\n    pub fresh: u64,")),
            at: at(path, "pub fresh"),
            also: &[],
            spares: Edit::replace(path, &line, &format!("{line}\n    pub fresh: Option<u64>,")),
        },
        Proof {
            does: "has no example of what it told",
            breaks: Edit::remove(&format!("{folder}/events/{name}.example.json")),
            at: at(path, kind),
            also: &[],
            spares: Edit::append(path, "// A word more."),
        },
    ]
}
