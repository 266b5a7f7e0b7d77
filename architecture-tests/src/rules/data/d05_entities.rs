use super::tables::Tables;
use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, implementation_of, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "D05",
    name: "own-entities",
    why: "an entity is a statement that nobody sees",
    needs: Need::Migrations,
    explain: "Where a module has entities (`#[sea_orm(table_name = \"…\")]`), they are of its own tables, name no schema, and have no \
              relation to another module's.",
    may_be_empty: Some("statements are written by hand; this is for whoever begins with entities"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let tables = Tables::of(workspace);
    for one in workspace.implementations() {
        let own = tables.schemas(one);
        for source in one.sources.iter().filter(|source| !source.is_test) {
            for (kind, text) in &source.entities {
                found.look();
                let place = (source.path.as_str(), text.line);
                let fix = "let the entity be of a table that the module's own migrations make, without a schema";
                let known = own.iter().any(|own| tables.has(Some(own), &text.text));
                match kind.as_str() {
                    "schema_name" => found.note(
                        place,
                        &text.text,
                        format!(
                            "`{}` has an entity that names the schema `{}`",
                            one.name(),
                            text.text
                        ),
                        fix,
                    ),
                    "table_name" if !known => found.note(
                        place,
                        &text.text,
                        format!(
                            "`{}` has an entity of `{}`, which is no table of its own",
                            one.name(),
                            text.text
                        ),
                        fix,
                    ),
                    _ => {}
                }
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some((own, other, table)) = Tables::of(workspace).strangers() else { return Vec::new() };
    let context = workspace.plan.owner_of_schema(own).unwrap_or(own);
    let Some(file) = implementation_of(workspace, context).and_then(library) else {
        return Vec::new();
    };
    let entity = |attribute: &str| format!("#[sea_orm({attribute})]\npub struct Model;");
    let way = |does, attribute: String| Proof {
        does,
        breaks: Edit::append(file, &entity(&attribute)),
        at: at(file, &attribute),
        also: &[],
        spares: Edit::append(file, &entity("table_name = \"outbox\"")),
    };
    vec![
        way("has an entity of a neighbour's table", format!("table_name = \"{table}\"")),
        way(
            "has an entity of a neighbour's schema",
            format!("schema_name = \"{other}\", table_name = \"outbox\""),
        ),
    ]
}
