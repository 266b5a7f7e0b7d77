use std::collections::BTreeSet;

use serde_json::Value;

use crate::edit::Edit;
use crate::facts::{Crate, Method, Trait, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "C01",
    name: "committed-contracts",
    why: "a peer of the same version, and a review, go by the committed document; what it does not say breaks them unseen",
    needs: Need::Documents,
    explain: "Each contract has its document `<name>.v<version>.json`, with the methods of the trait, their effects, and the fields of \
              their messages; no document is left over. What may change within a version is held where the documents are written: \
              `extract/documents`, `the_committed_documents_are_those_of_the_code`.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

const FIX: &str = "`cargo run -p galleria -- contracts export`, and commit what it writes; where it refuses, make a new version beside the old";

fn check(workspace: &Workspace, found: &mut Found) {
    let mut expected = BTreeSet::new();
    for one in workspace.remote() {
        for (path, vocabulary) in workspace.vocabularies(one) {
            for declared in &vocabulary.traits {
                let Some((name, version)) = &declared.contract else { continue };
                found.look();
                let file = format!("{name}.v{version}.json");
                match workspace.document(&file) {
                    Some((_, document)) => {
                        methods(workspace, one, (path, declared), document, found);
                    }
                    None => found.note(
                        (path, declared.line),
                        &file,
                        format!("the contract `{name}` has no document `{file}`"),
                        FIX,
                    ),
                }
                expected.insert(file);
            }
        }
    }
    left_over(workspace, &expected, found);
}

fn methods(
    workspace: &Workspace,
    one: &Crate,
    (path, declared): (&str, &Trait),
    document: &Value,
    found: &mut Found,
) {
    let Some(committed) = document["methods"].as_object() else { return };
    for method in &declared.methods {
        let called = format!("{}::{}", declared.name, method.name);
        let Some(said) = committed.get(&method.name) else {
            found.note(
                (path, method.line),
                &called,
                format!("the document of `{}` has no method `{}`", declared.name, method.name),
                FIX,
            );
            continue;
        };
        let effect = method.effect.replace(' ', "").replace(",stream", "").replace(',', "-");
        let committed = said["effect"].as_str().unwrap_or_default().replace(['_', ' '], "-");
        if effect != committed {
            let what = format!("`{called}` is `{effect}`, and its document says `{committed}`");
            found.note((path, method.line), &called, what, FIX);
        }
        message(workspace, one, method, &said["request"], found);
    }
    for gone in
        committed.keys().filter(|name| !declared.methods.iter().any(|method| method.name == **name))
    {
        let what =
            format!("`{}::{gone}` is gone; peers of this version still call it", declared.name);
        found.note(
            (path, declared.line),
            gone,
            what,
            "put it back, or make a new version of the contract beside this one",
        );
    }
}

/// Holds the fields of a message to those that are committed.
fn message(
    workspace: &Workspace,
    one: &Crate,
    method: &Method,
    request: &Value,
    found: &mut Found,
) {
    let Some(properties) = request["properties"].as_object() else { return };
    for (path, vocabulary) in workspace.vocabularies(one) {
        let Some(kind) = vocabulary.types.iter().find(|kind| kind.name == method.message) else {
            continue;
        };
        for gone in properties
            .keys()
            .filter(|name| !kind.fields.iter().any(|(names, _, _)| names.contains(name)))
        {
            let what = format!(
                "`{}` has no field `{gone}` any more, and peers of this version send it",
                kind.name
            );
            found.note((path, kind.line), format!("{}.{gone}", kind.name), what, FIX);
        }
        for (names, _, line) in kind
            .fields
            .iter()
            .filter(|(names, _, _)| !names.iter().any(|name| properties.contains_key(name)))
        {
            let name = &names[0];
            let what =
                format!("the field `{name}` of `{}` is not in the committed document", kind.name);
            found.note((path, *line), format!("{}.{name}", kind.name), what, FIX);
        }
    }
}

/// Finds documents that no source speaks of.
fn left_over(workspace: &Workspace, expected: &BTreeSet<String>, found: &mut Found) {
    let folder = workspace.plan.layout.documents.clone().unwrap_or_default();
    for path in workspace.documents() {
        let name = path.strip_prefix(&folder).unwrap_or(path).trim_start_matches('/');
        let stable = name.split(".v").next().unwrap_or_default();
        let sources = || workspace.crates.iter().flat_map(|one| &one.sources);
        let spoken_of = || {
            sources().any(|source| {
                source.words.contains("contract")
                    && source.strings.iter().any(|text| text.text == stable)
            })
        };
        if !name.contains('/') && !expected.contains(name) && !spoken_of() {
            found.note(
                (path, 1),
                name,
                format!("`{name}` is of no contract"),
                "put the contract back; what is published stays",
            );
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let found = workspace.remote().find_map(|one| {
        workspace.vocabularies(one).find_map(|(path, vocabulary)| {
            let declared = vocabulary.traits.iter().find(|declared| declared.contract.is_some())?;
            let method = declared.methods.first()?;
            let kind = vocabulary
                .types
                .iter()
                .find(|kind| kind.name == method.message && !kind.fields.is_empty());
            Some((path, declared, method, kind))
        })
    });
    let Some((path, declared, method, _)) = found else { return Vec::new() };
    let text = workspace.tree.text(path).map(std::string::ToString::to_string).unwrap_or_default();
    let near = Edit::append(path, "// A word more.");
    let call = format!("async fn {}(", method.name);
    let (name, version) = declared.contract.clone().unwrap_or_default();
    let said = format!("version = {version}");
    if !text.contains(&said) {
        return Vec::new();
    }
    let way = |does, breaks, at| Proof { does, breaks, at, also: &[], spares: near.clone() };
    let (anew, old) = (format!("{}_anew", method.name), format!("contracts/{name}-old.v1.json"));
    let ways = [
        way(
            "gives a method another name",
            Edit::replace(path, &call, &format!("async fn {anew}(")),
            at(path, &anew),
        ),
        way(
            "has a version that was never committed",
            Edit::replace(path, &said, "version = 99"),
            at(path, &format!("trait {}", declared.name)),
        ),
        way("leaves a document over", Edit::create(&old, "{}"), at(&old, "{}")),
    ];
    ways.into_iter().chain(field(workspace)).collect()
}

/// A message that loses a field.
fn field(workspace: &Workspace) -> Option<Proof> {
    workspace.remote().find_map(|one| {
        let messages: BTreeSet<String> = workspace
            .vocabularies(one)
            .flat_map(|(_, vocabulary)| &vocabulary.traits)
            .flat_map(|declared| declared.methods.iter().map(|method| method.message.clone()))
            .collect();
        workspace.vocabularies(one).find_map(|(path, vocabulary)| {
            let kind = vocabulary
                .types
                .iter()
                .find(|kind| messages.contains(&kind.name) && !kind.fields.is_empty())?;
            let (names, _, line) = kind.fields.first()?;
            let text = workspace.tree.text(path)?;
            let written = text.lines().nth(line - 1)?;
            Some(Proof {
                does: "gives a field of a message another name",
                breaks: Edit::replace(
                    path,
                    written,
                    &written.replacen(&names[0], &format!("{}_anew", names[0]), 1),
                ),
                at: at(path, &format!("{}_anew", names[0])),
                also: &[],
                spares: Edit::replace(path, written, &format!("    #[serde(default)]\n{written}")),
            })
        })
    })
}
