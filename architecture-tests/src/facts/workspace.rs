use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::built::{Packages, give_sources, missed};
use super::kept::Kept;
use super::members::Members;
use super::{Catalogue, Crate, File, Manifest, Script, Source, Vocabulary};
use crate::Unread;
use crate::plan::{PLAN, Pattern, Plan};
use crate::tree::Tree;

/// Everything that rules ask, gathered once.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    /// The files that it was gathered of.
    pub tree: Tree,
    /// The architecture as it is meant.
    pub plan: Plan,
    /// The manifest of the workspace.
    pub root: Arc<Manifest>,
    /// The members, by folder.
    pub crates: Vec<Crate>,
    /// The migrations of all schemas, those that every schema begins with first.
    pub migrations: Vec<Migration>,
    /// Every other file of SQL, with what it says.
    pub scripts: Vec<(String, Arc<Script>)>,
    /// What a live database says of itself, if one was asked.
    pub catalogue: Option<Catalogue>,
    /// What could not be read, and so is not checked.
    pub unread: Vec<Unread>,
    kept: AllKept,
}

#[derive(Debug, Clone, Default)]
struct AllKept {
    manifests: Kept<Manifest>,
    sources: Kept<Source>,
    vocabularies: Kept<Vocabulary>,
    scripts: Kept<Script>,
    documents: Kept<Value>,
}

/// A migration.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its file.
    pub path: String,
    /// Its schema; none if every schema begins with it.
    pub schema: Option<String>,
    /// What it says.
    pub script: Arc<Script>,
}

impl Workspace {
    /// Gathers what is below a folder.
    pub fn open(root: &Path) -> Self {
        match Tree::read(root) {
            Ok(tree) => Self::default().with(tree),
            Err(unread) => Self { unread: vec![unread], ..Self::default() },
        }
    }

    /// Gathers other files; what is the same in both is not read again.
    #[must_use]
    pub fn with(&self, tree: Tree) -> Self {
        let mut next = Self { catalogue: self.catalogue.clone(), ..Self::default() };
        next.read_plan(&tree);
        let unread = &mut std::mem::take(&mut next.unread);
        let (manifests, sources) = next.read_crates(self, &tree, unread);
        let open: Vec<(&str, &Arc<str>)> = next
            .remote_sources()
            .filter_map(|source| Some((source.path.as_str(), tree.text(&source.path)?)))
            .collect();
        let vocabularies = self.kept.vocabularies.read(open.into_iter(), Vocabulary::read, unread);
        let scripts = self.kept.scripts.read(tree.ending(".sql"), read_script, unread);
        next.migrations = migrations(&next.plan, &scripts);
        let is_migration =
            |path: &str| next.migrations.iter().any(|migration| migration.path == path);
        let others = scripts.all().filter(|(path, _)| !is_migration(path));
        next.scripts = others.map(|(path, script)| (path.to_owned(), Arc::clone(script))).collect();
        let documents = tree.under(next.plan.layout.documents.as_deref().unwrap_or("-"));
        let documents = documents.filter(|(path, _)| path.contains(".v"));
        let documents = self.kept.documents.read(documents, read_document, unread);
        next.kept = AllKept { manifests, sources, vocabularies, scripts, documents };
        next.unread = std::mem::take(unread);
        next.tree = tree;
        next
    }

    /// Reads the members and their sources. What can't be read and is no part of a member is a fixture.
    fn read_crates(
        &mut self,
        before: &Self,
        tree: &Tree,
        unread: &mut Vec<Unread>,
    ) -> (Kept<Manifest>, Kept<Source>) {
        let mut faults = Vec::new();
        let files = tree.ending("Cargo.toml").filter(|(path, _)| folder_of(path).is_some());
        let manifests = before.kept.manifests.read(files, Manifest::read, &mut faults);
        self.root = manifests.get("Cargo.toml").cloned().unwrap_or_default();
        let members = Members::new(&self.root, &manifests);
        faults
            .retain(|fault| folder_of(&fault.path).is_some_and(|folder| members.asks_for(folder)));
        unread.append(&mut faults);
        self.crates = members.crates(&self.plan);
        let packages = Packages::of(&manifests, &self.crates);
        let files = tree.ending(".rs").filter(|(path, _)| packages.owner(path).is_some());
        let sources = before.kept.sources.read(files, Source::read, &mut faults);
        unread.extend(missed(&self.crates, &packages, &sources, faults));
        give_sources(&mut self.crates, &packages, &sources);
        (manifests, sources)
    }

    fn read_plan(&mut self, tree: &Tree) {
        match tree.text(PLAN).map(|text| Plan::read(text)) {
            Some(Ok(plan)) => self.plan = plan,
            Some(Err(unread)) => self.unread.push(unread),
            None => self.unread.push(Unread::new(PLAN, 0, "there is none; `init` writes one")),
        }
    }

    fn remote_sources(&self) -> impl Iterator<Item = &File> {
        self.remote().flat_map(|one| &one.sources).filter(|source| !source.is_test)
    }

    /// The role of a crate, if it has exactly one.
    pub fn role<'a>(&'a self, one: &Crate) -> Option<&'a crate::plan::Role> {
        match one.roles.as_slice() {
            [role] => self.plan.role(role),
            _ => None,
        }
    }

    /// Whether a crate is a contract.
    pub fn is_open(&self, one: &Crate) -> bool {
        self.role(one).is_some_and(|role| role.open)
    }

    /// The crates that are contracts.
    pub fn contracts(&self) -> impl Iterator<Item = &Crate> {
        self.crates.iter().filter(|one| self.is_open(one))
    }

    /// The deepest crate whose folder a file lies in.
    pub fn around(&self, path: &str) -> Option<&Crate> {
        let has = |one: &&Crate| {
            let inside = path.strip_prefix(one.manifest.folder.as_str());
            one.manifest.folder.is_empty() || inside.is_some_and(|rest| rest.starts_with('/'))
        };
        self.crates.iter().filter(has).max_by_key(|one| one.manifest.folder.len())
    }

    /// The contracts that other processes call.
    pub fn remote(&self) -> impl Iterator<Item = &Crate> {
        let is_remote = |one: &&Crate| self.role(one).is_some_and(|role| role.open && role.remote);
        self.crates.iter().filter(is_remote)
    }

    /// The crates of contexts that are no contracts.
    pub fn implementations(&self) -> impl Iterator<Item = &Crate> {
        let closed = |one: &&Crate| self.role(one).is_some_and(|role| !role.open && !role.root);
        self.crates.iter().filter(|one| one.context.is_some()).filter(closed)
    }

    /// What a crate's source files declare, if it is a contract.
    pub fn vocabularies<'a>(
        &'a self,
        one: &'a Crate,
    ) -> impl Iterator<Item = (&'a str, &'a Vocabulary)> {
        one.sources.iter().filter_map(|source| {
            let vocabulary = self.kept.vocabularies.get(&source.path)?;
            Some((source.path.as_str(), vocabulary.as_ref()))
        })
    }

    /// A committed document, by its path below the folder of documents.
    pub fn document(&self, name: &str) -> Option<(String, &Value)> {
        let path = format!("{}/{name}", self.plan.layout.documents.as_deref()?);
        let document = self.kept.documents.get(&path)?;
        Some((path, document.as_ref()))
    }

    /// The paths of all committed documents.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.kept.documents.all().map(|(path, _)| path)
    }
}

/// The folder of a manifest, if a file is one.
fn folder_of(path: &str) -> Option<&str> {
    match path.strip_suffix("Cargo.toml")? {
        "" => Some(""),
        folder => folder.strip_suffix('/'),
    }
}

fn read_script(path: &str, sql: &str) -> Result<Script, Unread> {
    Script::read(sql)
        .map_err(|line| Unread::new(path, line, "a quote or comment that opens here is not closed"))
}

fn read_document(path: &str, text: &str) -> Result<Value, Unread> {
    serde_json::from_str(text).map_err(|error| Unread::new(path, error.line(), error))
}

fn migrations(plan: &Plan, scripts: &Kept<Script>) -> Vec<Migration> {
    let captured = |pattern: Option<&str>, path: &str| {
        Pattern::new(pattern?).captures(path).map(str::to_owned)
    };
    let migration = |(path, script): (&str, &Arc<Script>)| {
        let shared = captured(plan.layout.shared_migrations.as_deref(), path).is_some();
        let schema = captured(plan.layout.migrations.as_deref(), path).filter(|_| !shared);
        (shared || schema.is_some()).then(|| Migration {
            path: path.to_owned(),
            schema,
            script: Arc::clone(script),
        })
    };
    let mut migrations: Vec<Migration> = scripts.all().filter_map(migration).collect();
    migrations.sort_by(|one, other| (&one.schema, &one.path).cmp(&(&other.schema, &other.path)));
    migrations
}
