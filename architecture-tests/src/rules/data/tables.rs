//! Who owns which table.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Crate, Verb, Workspace};

/// The tables of every schema, as its migrations make them.
pub(super) struct Tables<'a> {
    of: BTreeMap<&'a str, BTreeSet<&'a str>>,
    shared: BTreeSet<&'a str>,
    workspace: &'a Workspace,
}

impl<'a> Tables<'a> {
    pub(super) fn of(workspace: &'a Workspace) -> Self {
        let mut tables = Self { of: BTreeMap::new(), shared: BTreeSet::new(), workspace };
        for migration in &workspace.migrations {
            let made =
                migration.script.mentions.iter().filter(|mention| mention.verb == Verb::Create);
            let made = made.map(|mention| mention.name.as_str());
            match migration.schema.as_deref() {
                Some(schema) => tables.of.entry(schema).or_default().extend(made),
                None => tables.shared.extend(made),
            }
        }
        tables
    }

    pub(super) fn shared(&self) -> &BTreeSet<&'a str> {
        &self.shared
    }

    /// The tables that migrations of a schema may name.
    pub(super) fn has(&self, schema: Option<&str>, table: &str) -> bool {
        let own = schema.and_then(|schema| self.of.get(schema));
        self.shared.contains(table) || own.is_some_and(|own| own.contains(table))
    }

    /// The schemas of a crate's context.
    pub(super) fn schemas(&self, one: &Crate) -> Vec<&'a str> {
        let is_own =
            |schema: &&&str| self.workspace.plan.owner_of_schema(schema) == one.context.as_deref();
        self.of.keys().filter(is_own).copied().collect()
    }

    /// The schema of another context that has this table, if `schema` is one.
    pub(super) fn foreign(&self, own: &[&str], schema: &str, table: &str) -> Option<&'a str> {
        let (name, tables) = self.of.get_key_value(schema)?;
        let has = tables.contains(table) || self.shared.contains(table) || table == "*";
        (has && !own.contains(name)).then_some(*name)
    }

    /// The schemas that have a table of that name.
    pub(super) fn owners(&self, table: &str) -> Vec<&'a str> {
        self.of
            .iter()
            .filter(|(_, tables)| tables.contains(table))
            .map(|(schema, _)| *schema)
            .collect()
    }

    /// Two schemas of different contexts, and a table of the second that the first has not.
    pub(super) fn strangers(&self) -> Option<(&'a str, &'a str, &'a str)> {
        let owner = |schema: &str| self.workspace.plan.owner_of_schema(schema);
        let pairs = self
            .of
            .keys()
            .flat_map(|one| self.of.iter().map(move |(other, tables)| (*one, *other, tables)));
        let mut strangers = pairs.filter(|(one, other, _)| owner(one) != owner(other));
        strangers.find_map(|(one, other, tables)| {
            let table = tables.iter().find(|table| !self.has(Some(one), table))?;
            Some((one, other, *table))
        })
    }
}
