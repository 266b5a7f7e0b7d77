use std::collections::BTreeMap;

use crate::facts::{Verb, Workspace};

/// The contexts, with who calls and who tells whom, as the code has them and the plan says why.
#[derive(Debug, Clone, Default)]
pub struct Map<'a> {
    /// The contexts, by name.
    pub contexts: Vec<&'a str>,
    /// Caller, called, and why.
    pub calls: Vec<(&'a str, &'a str, &'a str)>,
    /// Who tells, who is told, and the events.
    pub events: Vec<(&'a str, &'a str, Vec<&'a str>)>,
}

impl<'a> Map<'a> {
    /// Draws it up.
    pub fn of(workspace: &'a Workspace) -> Self {
        let mut map = Self::default();
        let mut events: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for (name, context) in &workspace.plan.context {
            let name = name.get_ref().as_str();
            map.contexts.push(name);
            map.calls.extend(
                context.calls.iter().map(|(to, why)| (name, to.get_ref().as_str(), why.as_str())),
            );
            for event in context.listens.keys() {
                let owner = event.get_ref().split('.').next().unwrap_or_default();
                events.entry((owner, name)).or_default().push(event.get_ref());
            }
        }
        map.events = events.into_iter().map(|((from, to), events)| (from, to, events)).collect();
        map
    }
}

/// The short name of an event: `order-confirmed` of `orders.order-confirmed.v1`.
pub(super) fn short(event: &str) -> &str {
    event.split('.').nth(1).unwrap_or(event)
}

/// The tables of a context, by schema.
pub(super) fn tables<'a>(workspace: &'a Workspace, context: &str) -> Vec<(&'a str, Vec<&'a str>)> {
    let own = workspace.migrations.iter().filter_map(|migration| {
        let schema = migration.schema.as_deref()?;
        (workspace.plan.owner_of_schema(schema) == Some(context)).then_some((schema, migration))
    });
    let mut tables: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (schema, migration) in own {
        let made = migration.script.mentions.iter().filter(|mention| mention.verb == Verb::Create);
        tables.entry(schema).or_default().extend(made.map(|mention| mention.name.as_str()));
    }
    tables.into_iter().collect()
}
