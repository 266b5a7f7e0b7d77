use std::sync::Arc;

use super::{Dependency, Manifest, Named, Source, joined};

/// A member of the workspace.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Its manifest.
    pub manifest: Arc<Manifest>,
    /// Every role whose patterns match its folder; exactly one, where all is well.
    pub roles: Vec<String>,
    /// The context that it belongs to, if it belongs to one.
    pub context: Option<String>,
    /// Its source files, tests and all.
    pub sources: Vec<File>,
    /// What it depends on.
    pub edges: Vec<Edge>,
}

/// A source file of a crate.
#[derive(Debug, Clone)]
pub struct File {
    pub(super) source: Arc<Source>,
    /// Whether tests alone are built of it.
    pub is_test: bool,
}

/// What a crate depends on.
#[derive(Debug, Clone)]
pub struct Edge {
    /// As it is declared.
    pub declared: Dependency,
    /// The member behind it; none if it comes from outside.
    pub to: Option<usize>,
}

impl File {
    /// The paths that are not in tests.
    pub fn live(&self) -> impl Iterator<Item = &Named> {
        self.paths.iter().filter(move |named| !named.in_test && !self.is_test)
    }
}

impl std::ops::Deref for File {
    type Target = Source;

    fn deref(&self) -> &Source {
        &self.source
    }
}

impl Crate {
    /// The package's name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// What sources call it.
    pub fn ident(&self) -> String {
        let library = self.manifest.library.as_deref();
        library.unwrap_or(&self.manifest.name).replace('-', "_")
    }

    /// Its context, as it is told.
    pub fn context(&self) -> &str {
        self.context.as_deref().unwrap_or("no context")
    }

    /// The path of a file in its folder, from the root.
    pub fn path(&self, inside: &str) -> String {
        joined(&self.manifest.folder, inside)
    }

    /// Each source file with the folder below `src` that it lies in; an empty one directly below `src`.
    pub fn folders(&self) -> impl Iterator<Item = (&str, &File)> {
        let prefix = format!("{}/", self.path("src"));
        self.sources.iter().filter_map(move |source| {
            let below = source.path.strip_prefix(&prefix)?;
            Some((below.split_once('/').map_or("", |(folder, _)| folder), source))
        })
    }

    /// The folder below `src` that a path of a source file leads to; for what lies directly below it, the name of that. A crate's
    /// first file names its modules without `crate::`.
    pub fn folder_behind(&self, source: &File, named: &Named) -> Option<String> {
        let is_first = || ["/lib.rs", "/main.rs"].iter().any(|first| source.path.ends_with(first));
        if !matches!(named.first(), "crate" | "super") && !is_first() {
            return None;
        }
        let inside = source.path.strip_prefix(self.manifest.folder.as_str())?;
        let below = inside.trim_start_matches('/').strip_prefix("src/")?;
        let mut segments = named.path.split("::").peekable();
        let mut module: Vec<&str> = Vec::new();
        if segments.peek() == Some(&"super") {
            let here = below.trim_end_matches(".rs").trim_end_matches("/mod");
            module.extend(here.split('/'));
            while segments.next_if_eq(&"super").is_some() {
                module.pop();
            }
        } else {
            segments.next_if_eq(&"crate");
        }
        let first = module.first().copied().or_else(|| segments.next());
        Some(first.unwrap_or_default().to_owned())
    }
}
