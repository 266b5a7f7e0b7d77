use crate::edit::Edit;
use crate::facts::{Catalogue, Right, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "R02",
    name: "roles-stay-at-home",
    why: "a role that may read a neighbour's schema will",
    needs: Need::Migrations,
    explain: "After all migrations ran, the role of each schema may use that schema alone, by PostgreSQL's own answer, and may make \
              nothing in it. That statements are refused is held by `a_modules_role_is_refused_on_every_other_modules_schema`.",
    may_be_empty: Some("without a database there is no role"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for right in workspace.catalogue.iter().flat_map(|catalogue| &catalogue.rights) {
        found.look();
        let Right { role, own, schema, what } = right;
        let fix = match own == schema {
            false => {
                format!("`REVOKE ALL ON SCHEMA {schema} FROM {role}`, and find out who granted it")
            }
            true if what == "CREATE" => "let the user who migrates alone make tables".to_owned(),
            true => continue,
        };
        let place = (migration_of(workspace, own), 1);
        found.note(
            place,
            format!("{role} {what} {schema}"),
            format!("the role `{role}` of {own} may {what} in {schema}"),
            fix,
        );
    }
}

/// The first migration of a schema; the plan, where it has none.
pub(super) fn migration_of<'a>(workspace: &'a Workspace, schema: &str) -> &'a str {
    let own =
        workspace.migrations.iter().find(|migration| migration.schema.as_deref() == Some(schema));
    own.map_or(PLAN, |migration| &migration.path)
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(own) = workspace.migrations.iter().find_map(|migration| migration.schema.as_deref())
    else {
        return Vec::new();
    };
    let right = |schema: &str| Right {
        role: format!("galleria_{own}"),
        own: own.to_owned(),
        schema: schema.to_owned(),
        what: "SELECT".to_owned(),
    };
    let live =
        |schema: &str| Edit::live(Catalogue { crossings: Vec::new(), rights: vec![right(schema)] });
    vec![Proof {
        does: "lets a role read a neighbour's tables",
        breaks: live("elsewhere"),
        at: at(migration_of(workspace, own), ""),
        also: &[],
        spares: live(own),
    }]
}
