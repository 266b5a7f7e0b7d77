use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::Unread;

/// Folders that hold no sources of the workspace.
const SKIPPED: [&str; 4] = ["target", "node_modules", "__pycache__", "data"];

/// The text of every file that a rule may ask for, by its path from the root. A copy shares all texts with its original, so
/// that a proof can change one file and leave the disk alone.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    files: BTreeMap<String, Arc<str>>,
}

impl Tree {
    /// Reads the files below a folder.
    pub fn read(root: &Path) -> Result<Self, Unread> {
        let mut tree = Self::default();
        tree.walk(root, "")?;
        Ok(tree)
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<(), Unread> {
        let unread = |error: std::io::Error| Unread::new(prefix, 0, error);
        for entry in std::fs::read_dir(folder).map_err(unread)? {
            let entry = entry.map_err(unread)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            let kind = entry.file_type().map_err(unread)?;
            if kind.is_dir() && is_ours(&name, &entry.path()) {
                self.walk(&entry.path(), &path)?;
            } else if kind.is_file() && is_asked_for(&path, &name) {
                let text = std::fs::read_to_string(entry.path());
                let text = text.map_err(|error| Unread::new(&path, 0, error))?;
                self.files.insert(path, text.into());
            }
        }
        Ok(())
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        self.files.get(path)
    }

    /// Whether there is such a file, or a folder with a file in it.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.under(path).next().is_some()
    }

    /// All files in a folder and the folders in it.
    pub fn under<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a Arc<str>)> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let from = self.files.range(prefix.clone()..);
        from.take_while(move |(path, _)| path.starts_with(&prefix))
            .map(|(path, text)| (path.as_str(), text))
    }

    /// All files whose names end so.
    pub fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a Arc<str>)> {
        self.under("").filter(move |(path, _)| path.ends_with(end))
    }

    /// Puts a file there, over the one that is there.
    pub fn put(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), text.into());
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }
}

fn is_ours(name: &str, path: &Path) -> bool {
    let hidden = name.starts_with('.') && name != ".ci";
    !hidden && !SKIPPED.contains(&name) && !path.join("CACHEDIR.TAG").exists()
}

fn is_asked_for(path: &str, name: &str) -> bool {
    let (_, end) = name.rsplit_once('.').unwrap_or_default();
    let is_plan = matches!(name, "Cargo.toml" | "architecture.toml" | "architecture.baseline.toml");
    is_plan
        || path.starts_with(".ci/")
        || matches!(end, "rs" | "sql" | "md" | "json" | "svg" | "dot")
}
