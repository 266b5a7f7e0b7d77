use super::tables::Tables;
use crate::edit::Edit;
use crate::facts::{Crate, Mention, Verb, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, implementation_of, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "D06",
    name: "own-tables-in-strings",
    why: "a statement in a string passes every check of the compiler, and fails in the database when the module has moved",
    needs: Need::Migrations,
    explain: "A string outside tests that names a table of another context's schema is found, in any crate: in plain, raw and joined \
              strings (`concat!`), in `format!`, in small letters and capitals. In a module's crate a table without a schema must be \
              one of its own, and a schema must not be filled in by the program. A file of SQL that is no migration is judged \
              the same, and lies in the crate of a context.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

const FIX: &str =
    "ask its owner by a contract, or keep what is needed in a table of your own, fed by events";

fn check(workspace: &Workspace, found: &mut Found) {
    let tables = Tables::of(workspace);
    strings(workspace, &tables, found);
    files(workspace, &tables, found);
}

fn strings(workspace: &Workspace, tables: &Tables<'_>, found: &mut Found) {
    for one in &workspace.crates {
        if workspace.role(one).is_some_and(|role| role.test_support) {
            continue;
        }
        let own = tables.schemas(one);
        let made = made_by(one);
        for source in one.sources.iter().filter(|source| !source.is_test) {
            for (line, script) in &source.statements {
                found.look();
                for mention in &script.mentions {
                    if let Some(what) = unfit(tables, (one, &own), &made, mention) {
                        let what = format!("`{}` {what}", one.name());
                        found.note((&source.path, *line), &mention.name, what, FIX);
                    }
                }
            }
        }
    }
}

/// The files of SQL that are no migrations. What they make they make beside those, so it is not theirs.
fn files(workspace: &Workspace, tables: &Tables<'_>, found: &mut Found) {
    for (path, script) in &workspace.scripts {
        found.look();
        let around = workspace.around(path).filter(|one| one.context.is_some());
        let Some(one) = around else {
            let what = format!("`{path}` is SQL that is no migration and of no context");
            let fix = "lay it where migrations are, or into the crate of the context whose tables it names";
            found.note((path, 1), path, what, fix);
            continue;
        };
        let own = tables.schemas(one);
        for mention in &script.mentions {
            let mention = Mention { is_loud: true, ..mention.clone() };
            if let Some(what) = unfit(tables, (one, &own), &[], &mention) {
                let what = format!("`{}` {what}", one.name());
                found.note((path, mention.line), &mention.name, what, FIX);
            }
        }
    }
}

/// The tables that a crate makes by a string of its own.
fn made_by(one: &Crate) -> Vec<&str> {
    let statements = one.sources.iter().flat_map(|source| &source.statements);
    let mentions = statements.flat_map(|(_, script)| &script.mentions);
    mentions
        .filter(|mention| mention.verb == Verb::Create)
        .map(|mention| mention.name.as_str())
        .collect()
}

fn unfit(
    tables: &Tables<'_>,
    (one, own): (&Crate, &[&str]),
    made: &[&str],
    mention: &Mention,
) -> Option<String> {
    let Mention { verb, schema, name, is_loud, .. } = mention;
    if let Some(schema) = schema.as_deref() {
        let gap = schema == "{}" && *verb != Verb::Qualify && *is_loud && !own.is_empty();
        let foreign = tables.foreign(own, schema, name);
        let foreign = foreign.map(|owner| format!("names `{schema}.{name}`, a table of {owner}"));
        foreign.or_else(|| gap.then(|| format!("names `{name}` of a schema that it fills in")))
    } else {
        let names_table =
            matches!(verb, Verb::Create | Verb::Alter | Verb::Write | Verb::Read | Verb::Reference);
        let known = name == "{}"
            || name.starts_with("pg_")
            || made.contains(&name.as_str())
            || own.iter().any(|own| tables.has(Some(own), name));
        let owners = tables.owners(name);
        let is_module = one.context.is_some() && !own.is_empty();
        let foreign = names_table && *is_loud && is_module && !known;
        let whose = if owners.is_empty() {
            "no migration of its own makes".to_owned()
        } else {
            format!("is a table of {}", owners.join(", "))
        };
        foreign.then(|| format!("names `{name}`, which {whose}"))
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let tables = Tables::of(workspace);
    let Some((own, other, table)) = tables.strangers() else { return Vec::new() };
    let context = workspace.plan.owner_of_schema(own).unwrap_or(own);
    let Some(file) = implementation_of(workspace, context).and_then(library) else {
        return Vec::new();
    };
    let near = format!(
        "const NEAR: &str = \"SELECT o.name FROM outbox o WHERE o.key = 'kept from {other}'\";"
    );
    let way = |does, code: String| Proof {
        does,
        breaks: Edit::append(file, &code),
        at: at(file, code.lines().next().unwrap_or_default()),
        also: &[],
        spares: Edit::append(file, &near),
    };
    let ways = literals(other, table).into_iter().chain(joined(other, table));
    let strings = ways.map(|(does, code)| way(does, code));
    strings.chain(in_files(file, table)).collect()
}

/// SQL in a file beside the sources of a context, and in one of nobody.
fn in_files(library: &str, table: &str) -> [Proof; 2] {
    let (own, nobodys) = (library.replace("lib.rs", "store/proof.sql"), "proof.sql");
    let spares = Edit::create(&own, "SELECT name\nFROM outbox;\n");
    let sql = format!("SELECT 1\nFROM {table};\n");
    [
        Proof {
            does: "reads a neighbour's table in a file that is no migration",
            breaks: Edit::create(&own, &sql),
            at: at(&own, &format!("FROM {table}")),
            also: &[],
            spares: spares.clone(),
        },
        Proof {
            does: "keeps SQL where no context is",
            breaks: Edit::create(nobodys, &sql),
            at: at(nobodys, "SELECT 1"),
            also: &[],
            spares,
        },
    ]
}

/// A neighbour's table in one literal.
fn literals(other: &str, table: &str) -> [(&'static str, String); 4] {
    [
        (
            "joins a neighbour's table",
            format!(
                "const READ: &str = \"SELECT 1 FROM outbox o JOIN {other}.{table} t ON true\";"
            ),
        ),
        (
            "reads a neighbour's table without its schema",
            format!("const READ: &str = \"SELECT 1 FROM {table}\";"),
        ),
        (
            "reads it in a raw string, in small letters",
            format!("const READ: &str = r#\"select * from {other}.{table}\"#;"),
        ),
        (
            "hides it in a macro",
            format!("macro_rules! read {{ () => {{ \"SELECT 1 FROM {other}.{table}\" }}; }}"),
        ),
    ]
}

/// The same, put together of several.
fn joined(other: &str, table: &str) -> [(&'static str, String); 4] {
    [
        (
            "joins the name of strings",
            format!("const READ: &str = concat!(\"select * from \", \"{other}\", \".{table}\");"),
        ),
        (
            "writes it by `format!`",
            format!(
                "fn read(n: u8) -> String {{ format!(\"DELETE FROM {other}.{table} WHERE id = {{n}}\") }}"
            ),
        ),
        (
            "has the schema filled in",
            format!(
                "fn read(schema: &str) -> String {{ format!(\"SELECT 1 FROM {{schema}}.{table}\") }}"
            ),
        ),
        (
            "hands the name in",
            format!(
                "fn read() -> String {{ format!(\"SELECT 1 FROM {{}}\", \"{other}.{table}\") }}"
            ),
        ),
    ]
}
