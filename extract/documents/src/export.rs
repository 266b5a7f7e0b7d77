use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use extract_compatibility::{Breaking, Changes, event_successor, successor};
use serde_json::Value;

use crate::{DocumentError, files};

/// How a document of this release differs from the committed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// There is none yet.
    Missing(String),
    /// It has additions, or other words.
    Changed(String, Vec<String>),
    /// It breaks those who go by the committed one.
    Broken(String, Vec<Breaking>),
    /// It was committed, and this release has none.
    Gone(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "{path} is not there yet"),
            Self::Changed(path, additions) if additions.is_empty() => write!(f, "{path} differs"),
            Self::Changed(path, additions) => write!(f, "{path} differs: {}", additions.join("; ")),
            Self::Broken(path, breaking) => {
                write!(f, "{path} breaks peers; this needs a new version beside the old one:")?;
                breaking.iter().try_for_each(|breaking| write!(f, "\n    {breaking}"))
            }
            Self::Gone(path) => {
                write!(
                    f,
                    "{path} is of nothing that this release has: whoever goes by it breaks. "
                )?;
                f.write_str("Delete it when nobody does")
            }
        }
    }
}

/// Why documents were not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Peers that go by a committed document would break.
    #[error("nothing was written: {}", told(.0))]
    Breaks(Vec<Difference>),
    /// A file can't be read or written.
    #[error("can't read or write {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A document can't be written as JSON.
    #[error("can't write a document")]
    Document(#[from] DocumentError),
}

/// What in a directory differs from the documents of this release.
pub fn differences(directory: &Path) -> Result<Vec<Difference>, ExportError> {
    let files = files()?;
    let mut found = Vec::new();
    for (path, text) in &files {
        match read(&directory.join(path))? {
            None => found.push(Difference::Missing(path.clone())),
            Some(committed) if committed == *text => {}
            Some(committed) => found.push(difference(path, &committed, text)),
        }
    }
    found.extend(gone(directory, &files)?);
    Ok(found)
}

/// Writes the documents of this release to a directory and tells which. It writes nothing if one of them breaks the
/// committed one of its version.
pub fn export(directory: &Path) -> Result<Vec<String>, ExportError> {
    let differences = differences(directory)?;
    let breaks = |difference: &Difference| matches!(difference, Difference::Broken(..));
    if differences.iter().any(breaks) {
        return Err(ExportError::Breaks(differences.into_iter().filter(breaks).collect()));
    }
    let mut files = files()?;
    let changed = |difference| match difference {
        Difference::Missing(path) | Difference::Changed(path, _) => Some(path),
        Difference::Broken(..) | Difference::Gone(_) => None,
    };
    let changed: Vec<String> = differences.into_iter().filter_map(changed).collect();
    for path in &changed {
        let (text, path) = (files.remove(path).unwrap_or_default(), directory.join(path));
        write(&path, &text).map_err(|source| ExportError::File { path, source })?;
    }
    Ok(changed)
}

fn difference(path: &str, committed: &str, new: &str) -> Difference {
    let changes = changes(path, committed, new).unwrap_or_default();
    if changes.breaking.is_empty() {
        Difference::Changed(path.to_owned(), changes.additions)
    } else {
        Difference::Broken(path.to_owned(), changes.breaking)
    }
}

/// What changed, if the path is one of a contract or an event. What is no document can't be gone by.
fn changes(path: &str, committed: &str, new: &str) -> Option<Changes> {
    let committed: Value = serde_json::from_str(committed).ok()?;
    let new: Value = serde_json::from_str(new).ok()?;
    match (committed.get("contract"), committed.get("event")) {
        (Some(_), _) => Some(successor(&committed, &new)),
        (_, Some(_)) if !path.ends_with(".example.json") => Some(event_successor(&committed, &new)),
        _ => None,
    }
}

/// The documents of a directory that are none of this release's.
fn gone(
    directory: &Path,
    files: &BTreeMap<String, String>,
) -> Result<Vec<Difference>, ExportError> {
    let mut gone = Vec::new();
    for folder in ["", "events/"] {
        let path = directory.join(folder);
        let failed = |source| ExportError::File { path: path.clone(), source };
        let entries = match std::fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(failed)?,
        };
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            let path = format!("{folder}{}", name.to_string_lossy());
            if Path::new(&path).extension().is_some_and(|kind| kind == "json")
                && !files.contains_key(&path)
            {
                gone.push(Difference::Gone(path));
            }
        }
    }
    gone.sort_by_key(ToString::to_string);
    Ok(gone)
}

fn read(path: &Path) -> Result<Option<String>, ExportError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ExportError::File { path: path.to_owned(), source }),
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

fn told(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
