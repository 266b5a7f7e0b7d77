//! `D04` and `D07`: what migrations leave to the platform.

use super::migrated::{file, note, proofs};
use super::tables::Tables;
use crate::edit::Edit;
use crate::facts::{Verb, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const PLAIN_NAMES: Rule = Rule {
    id: "D04",
    name: "plain-names",
    why: "the connection says which schema a name is of; one that says it itself is of the wrong module, or of one engine alone",
    needs: Need::Migrations,
    explain: "Migrations and statements name tables without a schema, and nothing but the platform's pool sets `search_path`.",
    may_be_empty: None,
    is_derived: false,
    check: qualified,
    proofs: |workspace| {
        let Some((one, _, _)) = Tables::of(workspace).strangers() else { return Vec::new() };
        let Some(path) = file(workspace, one) else { return Vec::new() };
        let near = "CREATE INDEX proof ON outbox (name);";
        let way = |does, sql: &str| Proof {
            does,
            breaks: Edit::append(path, sql),
            at: at(path, sql),
            also: &[],
            spares: Edit::append(path, near),
        };
        vec![
            way("names its own schema", &format!("CREATE INDEX proof ON {one}.outbox (name);")),
            way("looks names up elsewhere", "SET LOCAL search_path TO public;"),
        ]
    },
};

pub(in crate::rules) const NO_GRANTS: Rule = Rule {
    id: "D07",
    name: "no-grants",
    why: "the database is the last fence between modules, and one place sets it up: the platform",
    needs: Need::Migrations,
    explain: "Migrations grant and revoke nothing, make no role, act as none and give nothing another owner. What the platform grants \
              is held by `R01`.",
    may_be_empty: None,
    is_derived: false,
    check: |workspace, found| {
        for migration in &workspace.migrations {
            found.look();
            for mention in
                migration.script.mentions.iter().filter(|mention| mention.verb == Verb::Grant)
            {
                note(
                    migration,
                    mention,
                    "decides who may do what",
                    "leave rights to the platform, which grants each schema to its own role",
                    found,
                );
            }
        }
    },
    proofs: |workspace| {
        proofs(workspace, |other, _| {
            let grant = format!("GRANT SELECT ON ALL TABLES IN SCHEMA {other} TO PUBLIC;");
            vec![
                ("lets everybody read a neighbour's tables", grant),
                ("acts as somebody else", format!("SET ROLE galleria_{other};")),
            ]
        })
    },
};

fn qualified(workspace: &Workspace, found: &mut Found) {
    for migration in &workspace.migrations {
        found.look();
        for mention in &migration.script.mentions {
            let own = mention.schema.is_some() && mention.schema == migration.schema;
            let what = match mention.verb {
                Verb::Path => "says where names are looked up",
                Verb::Qualify | Verb::Stray if own => "names its own schema",
                _ => continue,
            };
            note(migration, mention, what, "write the table's name alone", found);
        }
    }
}
