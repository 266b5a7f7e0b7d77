use std::collections::BTreeMap;

use toml::Spanned;

use super::raw_manifest::{Raw, RawEdge, RawEdges, RawSections};
use crate::Unread;
use crate::unread::line_at;

/// A manifest as it is declared, whatever is enabled.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Its file, from the root.
    pub path: String,
    /// The folder of its crate.
    pub folder: String,
    /// The package's name; empty for a workspace alone.
    pub name: String,
    /// The name of its library, where it says one.
    pub library: Option<String>,
    /// Whether it begins a workspace.
    pub is_workspace: bool,
    /// Whether its library is a procedural macro.
    pub is_macro: bool,
    /// The files that it says its targets begin with, from the root, each with its line.
    pub targets: Vec<(String, usize)>,
    /// The patterns of the workspace's members.
    pub members: Vec<String>,
    /// The patterns of what is no member.
    pub excluded: Vec<String>,
    /// What members can inherit, by name.
    pub inherited: BTreeMap<String, Dependency>,
    /// Every edge, in every section.
    pub dependencies: Vec<Dependency>,
    /// What each feature enables.
    pub features: BTreeMap<String, Feature>,
}

/// A declared edge.
#[derive(Debug, Clone, Default)]
pub struct Dependency {
    /// As it is declared.
    pub name: String,
    /// The package behind it.
    pub package: String,
    /// The name of that package's library, where sources know it by that.
    pub library: Option<String>,
    /// In which section.
    pub kind: Kind,
    /// Whether a feature turns it on.
    pub optional: bool,
    /// For which platforms alone.
    pub target: Option<String>,
    /// Whether the workspace says the version.
    pub from_workspace: bool,
    /// The folder of its crate, where it has one.
    pub path: Option<String>,
    /// The line that declares it.
    pub line: usize,
}

/// The section of an edge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `[dependencies]`
    #[default]
    Normal,
    /// `[dev-dependencies]`
    Dev,
    /// `[build-dependencies]`
    Build,
}

/// A feature.
#[derive(Debug, Clone, Default)]
pub struct Feature {
    /// The line that declares it.
    pub line: usize,
    /// What it turns on.
    pub enables: Vec<String>,
}

impl Dependency {
    /// What sources call it.
    pub fn ident(&self) -> String {
        self.called().replace('-', "_")
    }

    fn called(&self) -> &str {
        self.library.as_deref().unwrap_or(&self.name)
    }

    /// Whether sources call it so.
    pub fn is_called(&self, ident: &str) -> bool {
        let letters = self.called().bytes().map(|byte| if byte == b'-' { b'_' } else { byte });
        letters.eq(ident.bytes())
    }
}

impl Manifest {
    /// Whether there is a feature of that name: a declared one, or that of an optional dependency which no `dep:` takes.
    pub fn has_feature(&self, name: &str) -> bool {
        let mut enabled = self.features.values().flat_map(|feature| &feature.enables);
        let is_taken = |enabled: &String| enabled.strip_prefix("dep:") == Some(name);
        let mut optional = self.dependencies.iter().filter(|edge| edge.optional);
        self.features.contains_key(name)
            || optional.any(|edge| edge.name == name) && !enabled.any(is_taken)
    }

    /// Reads one.
    pub fn read(path: &str, text: &str) -> Result<Self, Unread> {
        let mut raw: Raw = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_at(text, span.start));
            Unread::new(path, line, error.message())
        })?;
        let folder = path.strip_suffix("Cargo.toml").unwrap_or(path).trim_end_matches('/');
        let reading = Reading { text, folder };
        let targets = reading.targets(&raw);
        let is_macro = raw.lib.as_ref().is_some_and(|lib| lib.is_macro);
        let library = raw.lib.as_mut().and_then(|lib| lib.name.take());
        let is_workspace = raw.workspace.is_some();
        let workspace = raw.workspace.take().unwrap_or_default();
        let inherited = reading.edges(&workspace.dependencies, Kind::Normal, None);
        let Raw { dependencies, dev_dependencies, build_dependencies, .. } = raw;
        let everywhere = RawSections { dependencies, dev_dependencies, build_dependencies };
        let mut dependencies = reading.sections(&everywhere, None);
        for (target, sections) in &raw.target {
            dependencies.extend(reading.sections(sections, Some(target)));
        }
        let feature = |(name, enables): (&Spanned<String>, &Vec<String>)| {
            let line = line_at(text, name.span().start);
            (name.get_ref().clone(), Feature { line, enables: enables.clone() })
        };
        Ok(Self {
            path: path.to_owned(),
            folder: folder.to_owned(),
            name: raw.package.map(|package| package.name).unwrap_or_default(),
            library,
            is_workspace,
            is_macro,
            targets,
            members: workspace.members,
            excluded: workspace.exclude,
            inherited: inherited.into_iter().map(|edge| (edge.name.clone(), edge)).collect(),
            dependencies,
            features: raw.features.iter().map(feature).collect(),
        })
    }
}

struct Reading<'a> {
    text: &'a str,
    folder: &'a str,
}

impl Reading<'_> {
    /// The files that a manifest says its targets begin with.
    fn targets(&self, raw: &Raw) -> Vec<(String, usize)> {
        let script = raw.package.as_ref().and_then(|package| package.build.as_ref());
        let script = script.and_then(|said| Some((said.get_ref().as_str()?, said.span())));
        let said =
            raw.lib.iter().chain(&raw.bin).chain(&raw.test).chain(&raw.bench).chain(&raw.example);
        let paths = said.filter_map(|target| target.path.as_ref());
        let paths = paths.map(|path| (path.get_ref().as_str(), path.span()));
        let at = |(path, span): (&str, std::ops::Range<usize>)| {
            (joined(self.folder, path), line_at(self.text, span.start))
        };
        paths.chain(script).map(at).collect()
    }

    fn sections(&self, sections: &RawSections, target: Option<&str>) -> Vec<Dependency> {
        let mut edges = self.edges(&sections.dependencies, Kind::Normal, target);
        edges.extend(self.edges(&sections.dev_dependencies, Kind::Dev, target));
        edges.extend(self.edges(&sections.build_dependencies, Kind::Build, target));
        edges
    }

    fn edges(&self, edges: &RawEdges, kind: Kind, target: Option<&str>) -> Vec<Dependency> {
        let edge = |(name, edge): (&Spanned<String>, &RawEdge)| {
            let line = line_at(self.text, name.span().start);
            let name = name.get_ref().clone();
            let target = target.map(str::to_owned);
            let plain = Dependency {
                package: name.clone(),
                name,
                kind,
                target,
                line,
                ..Dependency::default()
            };
            match edge {
                RawEdge::Version(_) => plain,
                RawEdge::Table(table) => Dependency {
                    package: table.package.clone().unwrap_or_else(|| plain.package.clone()),
                    optional: table.optional,
                    from_workspace: table.workspace,
                    path: table.path.as_deref().map(|path| joined(self.folder, path)),
                    ..plain
                },
            }
        };
        edges.iter().map(edge).collect()
    }
}

/// A path from the root, of one that is written from a folder. One that begins with `..` leads outside.
pub fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
