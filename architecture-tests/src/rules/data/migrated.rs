//! `D01` to `D03`: what migrations do to tables that are not theirs.

use super::tables::Tables;
use crate::edit::Edit;
use crate::facts::{Mention, Migration, Verb, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const OWN_WRITES: Rule = Rule {
    id: "D01",
    name: "own-schema-writes",
    why: "who changes another's tables decides when its owner may migrate",
    needs: Need::Migrations,
    explain: "A migration makes, changes, drops and fills tables of its own schema alone: those that its folder makes and those that \
              every schema begins with. What moves a table into another schema is found too.",
    may_be_empty: None,
    is_derived: false,
    check: |workspace, found| {
        let told = |mention: &Mention| {
            let verb = matches!(mention.verb, Verb::Create | Verb::Alter | Verb::Write);
            verb.then(|| format!("changes `{}`, which is not in its schema", called(mention)))
        };
        foreign(workspace, found, told, "let its owner migrate it, and tell or ask by a contract");
    },
    proofs: |workspace| {
        proofs(workspace, |other, table| {
            vec![
                (
                    "adds a column to a neighbour's table",
                    format!("ALTER TABLE {other}.{table} ADD COLUMN proof BIGINT;"),
                ),
                ("fills a neighbour's table", format!("INSERT INTO {table} DEFAULT VALUES;")),
                (
                    "makes a view in a neighbour's schema",
                    format!("CREATE OR REPLACE VIEW {other}.proof AS SELECT 1;"),
                ),
            ]
        })
    },
};

pub(in crate::rules) const OWN_KEYS: Rule = Rule {
    id: "D02",
    name: "no-cross-schema-key",
    why: "a foreign key holds two schemas on one server for ever, and locks the other's row on every write",
    needs: Need::Migrations,
    explain: "A foreign key leads to a table of the same schema, as a column's, a table's or an added one that is not yet validated.",
    may_be_empty: None,
    is_derived: false,
    check: |workspace, found| {
        let told = |mention: &Mention| {
            (mention.verb == Verb::Reference)
                .then(|| format!("has a foreign key to `{}`", called(mention)))
        };
        foreign(
            workspace,
            found,
            told,
            "keep the id alone, and learn what becomes of it by an event",
        );
    },
    proofs: |workspace| {
        proofs(workspace, |other, table| {
            vec![
                (
                    "a column's key leads to a neighbour",
                    format!("CREATE TABLE proof (id BIGINT REFERENCES {other}.{table} (id));"),
                ),
                (
                    "a table's key leads to a neighbour's table",
                    format!(
                        "CREATE TABLE proof (id BIGINT, FOREIGN KEY (id) REFERENCES {table} (id));"
                    ),
                ),
                (
                    "a key is added and not yet validated",
                    format!(
                        "ALTER TABLE outbox ADD FOREIGN KEY (key) REFERENCES \"{other}\".\"{table}\" (id) NOT VALID;"
                    ),
                ),
            ]
        })
    },
};

pub(in crate::rules) const OWN_READS: Rule = Rule {
    id: "D03",
    name: "no-cross-schema-read",
    why: "what reads another's tables is a contract that nobody versions",
    needs: Need::Migrations,
    explain: "What a migration reads is of its own schema: in views, queries, triggers, policies and in the bodies between `$$`. A \
              name behind another context's schema is found behind any word, such as `LOCK TABLE` or `DROP INDEX`.",
    may_be_empty: None,
    is_derived: false,
    check: |workspace, found| {
        let told = |mention: &Mention| {
            let verb = match mention.verb {
                Verb::Read => "reads",
                Verb::Stray if is_of_a_context(workspace, mention) => "names",
                _ => return None,
            };
            Some(format!("{verb} `{}`, which is not in its schema", called(mention)))
        };
        let fix = "keep what is needed in a table of your own, fed by events";
        foreign(workspace, found, told, fix);
    },
    proofs: |workspace| {
        let mut proofs = proofs(workspace, |other, table| {
            vec![
                (
                    "joins a neighbour's table in a view",
                    format!(
                        "CREATE MATERIALIZED VIEW proof AS SELECT 1 FROM outbox o JOIN {other}.{table} t ON true;"
                    ),
                ),
                (
                    "reads a neighbour's table in a body",
                    format!(
                        "CREATE FUNCTION proof() RETURNS BIGINT AS $$ SELECT COUNT(*) FROM {other}.{table}; $$ LANGUAGE sql;"
                    ),
                ),
            ]
        });
        proofs.extend(strays(workspace));
        proofs
    },
};

/// A neighbour's names behind words that say nothing of relations.
fn strays(workspace: &Workspace) -> Vec<Proof> {
    proofs(workspace, |other, table| {
        vec![
            ("locks a neighbour's table", format!("LOCK TABLE {other}.{table} IN SHARE MODE;")),
            ("drops a neighbour's index", format!("DROP INDEX {other}.{table}_key;")),
            (
                "merges a neighbour's table",
                format!(
                    "MERGE INTO outbox o USING {other}.{table} t ON true WHEN MATCHED THEN DELETE;"
                ),
            ),
            (
                "makes a table like a neighbour's",
                format!("CREATE TABLE proof (LIKE {other}.{table});"),
            ),
            ("calls a neighbour's function", format!("SELECT {other}.proof(1);")),
        ]
    })
}

/// Whether what stands before the point is a context's schema.
fn is_of_a_context(workspace: &Workspace, mention: &Mention) -> bool {
    let schema = mention.schema.as_deref();
    schema.is_some_and(|schema| workspace.plan.owner_of_schema(schema).is_some())
}

/// Notes what migrations do to relations that are not of their schema.
fn foreign(
    workspace: &Workspace,
    found: &mut Found,
    told: impl Fn(&Mention) -> Option<String>,
    fix: &str,
) {
    let tables = Tables::of(workspace);
    for migration in &workspace.migrations {
        found.look();
        let own = migration.schema.as_deref();
        for mention in &migration.script.mentions {
            let Some(what) = told(mention) else { continue };
            let is_foreign = |schema: &str| {
                Some(schema) != own && !is_column(&tables, own, mention.verb, schema)
            };
            let elsewhere = mention.schema.as_deref().is_some_and(is_foreign);
            let unknown = mention.schema.is_none() && !tables.has(own, &mention.name);
            if elsewhere || unknown {
                note(migration, mention, &what, fix, found);
            }
        }
    }
}

/// Whether what stands before the point is a table of its own, so that a column is named: `orders.id` beside a schema `orders`.
fn is_column(tables: &Tables<'_>, own: Option<&str>, verb: Verb, name: &str) -> bool {
    verb == Verb::Stray && own.is_some_and(|own| tables.has(Some(own), name))
}

pub(super) fn note(
    migration: &Migration,
    mention: &Mention,
    what: &str,
    fix: &str,
    found: &mut Found,
) {
    let schema = migration.schema.as_deref().unwrap_or("every schema");
    found.note(
        (&migration.path, mention.line),
        called(mention),
        format!("a migration of {schema} {what}"),
        fix,
    );
}

fn called(mention: &Mention) -> String {
    match &mention.schema {
        Some(schema) if mention.name.is_empty() => schema.clone(),
        Some(schema) => format!("{schema}.{}", mention.name),
        None => mention.name.clone(),
    }
}

/// Statements behind the last migration of a schema; their near miss does the same to a table of its own.
pub(super) fn proofs(
    workspace: &Workspace,
    ways: impl Fn(&str, &str) -> Vec<(&'static str, String)>,
) -> Vec<Proof> {
    let Some((one, other, table)) = Tables::of(workspace).strangers() else { return Vec::new() };
    let Some(path) = file(workspace, one) else { return Vec::new() };
    let near = "CREATE TABLE near (id key_text NOT NULL REFERENCES outbox (event_id));\nINSERT INTO near SELECT event_id FROM outbox;";
    let proof = |(does, sql): (&'static str, String)| Proof {
        does,
        breaks: Edit::append(path, &sql),
        at: at(path, &sql),
        also: &[],
        spares: Edit::append(path, near),
    };
    ways(other, table).into_iter().map(proof).collect()
}

pub(super) fn file<'a>(workspace: &'a Workspace, schema: &str) -> Option<&'a str> {
    let own = |migration: &&Migration| migration.schema.as_deref() == Some(schema);
    workspace.migrations.iter().rfind(own).map(|migration| migration.path.as_str())
}
