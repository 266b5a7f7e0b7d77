use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::plan::{Layout, PLAN, Plan};
use crate::{BASELINE, Unread};

/// Folders that hold no sources of the workspace, wherever they are, and those at its root.
const SKIPPED: [&str; 2] = ["node_modules", "__pycache__"];
const SKIPPED_AT_ROOT: [&str; 2] = ["target", "data"];

/// The text of every file that a rule may ask for, by its path from the root. A copy shares all texts with its original, so
/// that a proof can change one file and leave the disk alone.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    files: BTreeMap<String, Arc<str>>,
}

impl Tree {
    /// Reads the files below a folder that rules ask for by its plan.
    pub fn read(root: &Path) -> Result<Self, Unread> {
        let mut tree = Self::default();
        let plan = std::fs::read_to_string(root.join(PLAN)).unwrap_or_default();
        let layout = Plan::read(&plan).map(|plan| plan.layout).unwrap_or_default();
        tree.walk(root, "", &layout)?;
        Ok(tree)
    }

    fn walk(&mut self, folder: &Path, prefix: &str, layout: &Layout) -> Result<(), Unread> {
        let unread = |error: std::io::Error| Unread::new(prefix, 0, error);
        for entry in std::fs::read_dir(folder).map_err(unread)? {
            let entry = entry.map_err(unread)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            let kind = entry.file_type().map_err(unread)?;
            // What a link leads to may be gone; a folder behind one may lead round in a circle.
            let is_file = kind.is_file() || kind.is_symlink() && entry.path().is_file();
            if kind.is_dir() && is_ours(&path, &name, &entry.path()) {
                self.walk(&entry.path(), &path, layout)?;
            } else if is_file && is_asked_for(&path, &name, layout) {
                let bytes = std::fs::read(entry.path());
                let bytes = bytes.map_err(|error| Unread::new(&path, 0, error))?;
                match String::from_utf8(bytes) {
                    Ok(text) => drop(self.files.insert(path, text.into())),
                    // The compiler reads UTF-8 alone, so this is no source.
                    Err(_) if entry.path().extension().is_some_and(|end| end == "rs") => {}
                    Err(error) => return Err(Unread::new(&path, 0, error)),
                }
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

fn is_ours(path: &str, name: &str, folder: &Path) -> bool {
    let hidden = name.starts_with('.') && name != ".ci";
    // A crate may be called so.
    let kept_out = SKIPPED_AT_ROOT.contains(&path) && !folder.join("Cargo.toml").exists();
    !hidden && !kept_out && !SKIPPED.contains(&name) && !folder.join("CACHEDIR.TAG").exists()
}

fn is_asked_for(path: &str, name: &str, layout: &Layout) -> bool {
    let (_, end) = name.rsplit_once('.').unwrap_or_default();
    let is_plan = matches!(name, "Cargo.toml" | PLAN | BASELINE);
    let shown = layout.page.is_some() || layout.pictures.is_some() || layout.documents.is_some();
    let migrated = layout.migrations.is_some() || layout.shared_migrations.is_some();
    is_plan
        || path.starts_with(".ci/")
        || end == "rs"
        || migrated && end == "sql"
        || shown && matches!(end, "md" | "json" | "svg" | "dot")
}
