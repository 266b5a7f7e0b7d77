use super::tables::Tables;
use crate::edit::Edit;
use crate::facts::{Verb, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "D09",
    name: "event-tables",
    why: "an event that is not written with the change that it tells of is lost or told of nothing",
    needs: Need::EventTables,
    explain: "Every schema begins with the tables of `layout.event_tables`, so that state, outbox and inbox commit together, and no \
              schema makes one of those again.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let tables = Tables::of(workspace);
    for wanted in &workspace.plan.layout.event_tables {
        found.look();
        let name = wanted.get_ref();
        if !tables.shared().contains(name.as_str()) {
            found.note(
                (PLAN, workspace.plan.line(wanted)),
                name,
                format!("no migration that every schema begins with makes `{name}`"),
                "add the table back; a module without it can neither tell nor hear",
            );
        }
    }
    for migration in workspace.migrations.iter().filter(|migration| migration.schema.is_some()) {
        let made = migration.script.mentions.iter().filter(|mention| mention.verb == Verb::Create);
        for mention in made.filter(|mention| tables.shared().contains(mention.name.as_str())) {
            let what = format!("`{}` is made again; every schema begins with it", mention.name);
            found.note((&migration.path, mention.line), &mention.name, what, "use another name");
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let shared = workspace.migrations.iter().find(|migration| migration.schema.is_none());
    let (Some(shared), Some(wanted)) = (shared, workspace.plan.layout.event_tables.first()) else {
        return Vec::new();
    };
    let name = wanted.get_ref();
    let create = |name: &str| format!("CREATE TABLE {name} (");
    vec![Proof {
        does: "gives the outbox another name",
        breaks: Edit::replace(&shared.path, &create(name), &create("sent")),
        at: at(PLAN, name),
        also: &["D01", "D02", "D03", "D05", "D06"],
        spares: Edit::replace(
            &shared.path,
            &create(name),
            &format!("CREATE TABLE IF NOT EXISTS {name} ("),
        ),
    }]
}
