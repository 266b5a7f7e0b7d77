use crate::edit::Edit;
use crate::facts::{Type, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S05",
    name: "wire-form",
    why: "what has no form on the wire can be told to neighbours in one process alone",
    needs: Need::Remote,
    explain: "Every struct and enum of a contract derives `Serialize`, `Deserialize` and `JsonSchema`, and holds no floating number \
              and no clock of one machine: money is `Money`, a moment is `Timestamp`.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

const DERIVES: [&str; 3] = ["Serialize", "Deserialize", "JsonSchema"];

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.remote() {
        for (path, vocabulary) in workspace.vocabularies(one) {
            for declared in &vocabulary.types {
                found.look();
                kind(path, declared, found);
            }
        }
    }
}

fn kind(path: &str, declared: &Type, found: &mut Found) {
    let Type { name, line, derives, unfit, .. } = declared;
    let missing: Vec<&str> =
        DERIVES.into_iter().filter(|wanted| !derives.iter().any(|has| has == wanted)).collect();
    if !missing.is_empty() {
        found.note(
            (path, *line),
            name,
            format!("`{name}` has no form on the wire: it does not derive {}", missing.join(", ")),
            format!("add {} to its `derive`", missing.join(", ")),
        );
    }
    for (kind, line) in unfit {
        found.note(
            (path, *line),
            format!("{name} {kind}"),
            format!("`{name}` holds a `{kind}`, which is not the same everywhere"),
            "use `Money`, a whole number of a named unit, or `Timestamp`",
        );
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(file) = workspace.remote().find_map(library) else { return Vec::new() };
    let whole = "#[derive(Debug, Serialize, Deserialize, JsonSchema)]";
    let near = format!("{whole}\npub struct Proof {{ pub cents: i64 }}");
    vec![
        Proof {
            does: "leaves out that a message can be read",
            breaks: Edit::append(
                file,
                "#[derive(Debug, Serialize, JsonSchema)]\npub struct Proof { pub cents: i64 }",
            ),
            at: at(file, "pub struct Proof"),
            also: &[],
            spares: Edit::append(file, &near),
        },
        Proof {
            does: "tells money as a floating number",
            breaks: Edit::append(
                file,
                &format!("{whole}\npub struct Proof {{ pub price: Option<f64> }}"),
            ),
            at: at(file, "pub struct Proof"),
            also: &[],
            spares: Edit::append(file, &near),
        },
    ]
}
