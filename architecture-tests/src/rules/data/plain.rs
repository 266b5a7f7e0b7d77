//! `D04` and `D07`: what migrations and statements leave to the platform.

use super::migrated::{file, note, proofs};
use super::tables::Tables;
use crate::edit::Edit;
use crate::facts::{Crate, Mention, Verb, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, implementation_of, library};

pub(in crate::rules) const PLAIN_NAMES: Rule = Rule {
    id: "D04",
    name: "plain-names",
    why: "the connection says which schema a name is of; one that says it itself is of the wrong module, or of one engine alone",
    needs: Need::Migrations,
    explain: "Migrations name tables without a schema, and nothing but the platform's pool sets `search_path`: neither a migration nor \
              a statement in a string or a file of a context's crate.",
    may_be_empty: None,
    is_derived: false,
    check: |workspace, found| {
        qualified(workspace, found);
        stated(workspace, Verb::Path, "says where names are looked up", found);
    },
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
        .into_iter()
        .chain(said(workspace, "looks names up elsewhere in a string", "set search_path to public"))
        .collect()
    },
};

pub(in crate::rules) const NO_GRANTS: Rule = Rule {
    id: "D07",
    name: "no-grants",
    why: "the database is the last fence between modules, and one place sets it up: the platform",
    needs: Need::Migrations,
    explain: "Migrations grant and revoke nothing, make no role, act as none and give nothing another owner, and nor do the strings \
              and files of a context's crate. What the platform grants is held by `R01`.",
    may_be_empty: None,
    is_derived: false,
    check: |workspace, found| {
        for migration in &workspace.migrations {
            found.look();
            for mention in
                migration.script.mentions.iter().filter(|mention| mention.verb == Verb::Grant)
            {
                note(migration, mention, DECIDES, fix(Verb::Grant), found);
            }
        }
        stated(workspace, Verb::Grant, DECIDES, found);
    },
    proofs: |workspace| {
        let mut proofs = proofs(workspace, |other, _| {
            let grant = format!("GRANT SELECT ON ALL TABLES IN SCHEMA {other} TO PUBLIC;");
            let session = format!("SET SESSION AUTHORIZATION galleria_{other};");
            vec![
                ("lets everybody read a neighbour's tables", grant),
                ("acts as somebody else", format!("SET ROLE galleria_{other};")),
                ("acts as somebody for a while", format!("SET LOCAL ROLE galleria_{other};")),
                ("begins a session as somebody else", session),
            ]
        });
        let grants = "grant select on outbox to public";
        proofs.extend(said(workspace, "lets everybody in by a string", grants));
        proofs.extend(said(workspace, "acts as somebody in a string", "SET LOCAL ROLE postgres"));
        proofs
    },
};

const DECIDES: &str = "decides who may do what";

fn fix(verb: Verb) -> &'static str {
    if verb == Verb::Grant {
        "leave rights to the platform, which grants each schema to its own role"
    } else {
        "write the table's name alone"
    }
}

/// Notes what statements in strings and files of contexts' crates do that is the platform's.
fn stated(workspace: &Workspace, verb: Verb, what: &str, found: &mut Found) {
    let mut note = |one: &Crate, path: &str, line: usize, mention: &Mention| {
        let what = format!("`{}` {what}", one.name());
        found.note((path, line), &mention.name, what, fix(verb));
    };
    let is_sure = |mention: &Mention| mention.is_loud || verb == Verb::Path;
    for one in workspace.crates.iter().filter(|one| one.context.is_some()) {
        for source in one.sources.iter().filter(|source| !source.is_test) {
            for (line, script) in &source.statements {
                for mention in script.mentions.iter().filter(|mention| mention.verb == verb) {
                    if is_sure(mention) {
                        note(one, &source.path, *line, mention);
                    }
                }
            }
        }
    }
    for (path, script) in &workspace.scripts {
        let around = workspace.around(path).filter(|one| one.context.is_some());
        let Some(one) = around else { continue };
        for mention in script.mentions.iter().filter(|mention| mention.verb == verb) {
            note(one, path, mention.line, mention);
        }
    }
}

/// A statement in a string of a context that has tables; its near miss is none.
fn said(workspace: &Workspace, does: &'static str, sql: &str) -> Option<Proof> {
    let (own, _, _) = Tables::of(workspace).strangers()?;
    let context = workspace.plan.owner_of_schema(own).unwrap_or(own);
    let file = implementation_of(workspace, context).and_then(library)?;
    let stated = |text: &str| Edit::append(file, &format!("const STATED: &str = \"{text}\";"));
    Some(Proof {
        does,
        breaks: stated(sql),
        at: at(file, "const STATED"),
        also: &[],
        spares: stated("nobody may grant a role, or revoke what its owner set"),
    })
}

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
            note(migration, mention, what, fix(Verb::Path), found);
        }
    }
}
