use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::{Context, Exception, Forbidden, Layer, Layout, Limits, Pattern, Proofs, Role};
use crate::Unread;
use crate::unread::line_at;

/// Where the plan is, from the root.
pub const PLAN: &str = "architecture.toml";

/// What `architecture.toml` says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What is where.
    #[serde(default)]
    pub layout: Layout,
    /// How large things may be.
    #[serde(default)]
    pub limits: Limits,
    /// What crates are for, by name.
    #[serde(default)]
    pub role: BTreeMap<Spanned<String>, Role>,
    /// The folders in crates of a role, by name.
    #[serde(default)]
    pub layer: BTreeMap<Spanned<String>, Layer>,
    /// Lists of what must not be named, by name.
    #[serde(default)]
    pub forbidden: BTreeMap<Spanned<String>, Forbidden>,
    /// The contexts, by name.
    #[serde(default)]
    pub context: BTreeMap<Spanned<String>, Context>,
    /// What a rule finds and is meant so.
    #[serde(default)]
    pub except: Vec<Exception>,
    /// The rules that have nothing to hold here, each with why.
    #[serde(default)]
    pub off: BTreeMap<Spanned<String>, String>,
    /// Whether rules must prove themselves on this workspace.
    #[serde(default)]
    pub proofs: Proofs,
    #[serde(skip)]
    text: String,
}

/// How a folder is written in the plan.
pub(crate) fn as_written(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}

impl Plan {
    /// Reads one.
    pub fn read(text: &str) -> Result<Self, Unread> {
        let plan: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_at(text, span.start));
            Unread::new(PLAN, line, error.message())
        })?;
        Ok(Self { text: text.to_owned(), ..plan })
    }

    /// The line of something that the plan says.
    pub fn line<T>(&self, said: &Spanned<T>) -> usize {
        line_at(&self.text, said.span().start)
    }

    /// The roles whose patterns a crate's folder matches, with the context that they see in it.
    pub fn roles_of<'a>(&'a self, folder: &'a str) -> Vec<(&'a str, Option<&'a str>)> {
        let folder = as_written(folder);
        let matching = |(name, role): (&'a Spanned<String>, &'a Role)| {
            let captures = |at: &Spanned<String>| Pattern::new(at.get_ref()).captures(folder);
            let seen = role.crates.iter().find_map(captures)?;
            let seen = (!seen.is_empty()).then_some(seen);
            Some((name.get_ref().as_str(), role.context.as_deref().or(seen)))
        };
        self.role.iter().filter_map(matching).collect()
    }

    /// The context that says itself that a crate's folder is its own.
    pub fn context_of(&self, folder: &str) -> Option<String> {
        let says = |(_, context): &(&Spanned<String>, &Context)| {
            let patterns = context.crates.iter().map(|at| Pattern::new(at.get_ref()));
            patterns.into_iter().any(|pattern| pattern.matches(as_written(folder)))
        };
        self.context.iter().find(says).map(|(name, _)| name.get_ref().clone())
    }

    /// A role of that name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.role.get(name)
    }

    /// Whether a role stands on another, be it through others.
    pub fn stands_on(&self, role: &str, other: &str) -> bool {
        let mut open = vec![role];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            let uses = self.role(name).into_iter().flat_map(|role| &role.uses);
            let uses = uses.map(|used| used.get_ref().as_str());
            open.extend(uses.filter(|used| *used != name && seen.insert(*used)));
        }
        seen.contains(other)
    }

    /// A context of that name.
    pub fn context(&self, name: &str) -> Option<&Context> {
        self.context.get(name)
    }

    /// The context that owns a database schema.
    pub fn owner_of_schema<'a>(&'a self, schema: &str) -> Option<&'a str> {
        let owns = |(name, context): &(&Spanned<String>, &Context)| {
            context.schemas.iter().any(|own| own.get_ref() == schema) || name.get_ref() == schema
        };
        self.context.iter().find(owns).map(|(name, _)| name.get_ref().as_str())
    }

    /// Why a rule is off, if it is.
    pub fn is_off(&self, rule: &str) -> Option<&str> {
        self.off.get(rule).map(String::as_str)
    }
}
