use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Unread;
use crate::threads::side_by_side;

/// What was read of each file, kept as long as the file stays the same.
#[derive(Debug, Clone)]
pub(super) struct Kept<T>(BTreeMap<String, (Arc<str>, Arc<T>)>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Send + Sync> Kept<T> {
    /// Reads these files, side by side; one that is as it was before is not read again.
    pub(super) fn read<'a>(
        &self,
        files: impl Iterator<Item = (&'a str, &'a Arc<str>)>,
        read: impl Fn(&str, &str) -> Result<T, Unread> + Sync,
        unread: &mut Vec<Unread>,
    ) -> Self {
        let mut kept = BTreeMap::new();
        let mut fresh = Vec::new();
        for (path, text) in files {
            match self.0.get(path).filter(|(before, _)| Arc::ptr_eq(before, text)) {
                Some(before) => drop(kept.insert(path.to_owned(), before.clone())),
                None => fresh.push((path, text)),
            }
        }
        for (path, text, facts) in
            side_by_side(&fresh, |(path, text)| (*path, *text, read(path, text)))
        {
            match facts {
                Ok(facts) => {
                    drop(kept.insert(path.to_owned(), (Arc::clone(text), Arc::new(facts))));
                }
                Err(error) => unread.push(error),
            }
        }
        Self(kept)
    }

    pub(super) fn get(&self, path: &str) -> Option<&Arc<T>> {
        self.0.get(path).map(|(_, facts)| facts)
    }

    /// What was read of the files in a folder and the folders in it.
    pub(super) fn under(&self, folder: &str) -> impl Iterator<Item = (&str, &Arc<T>)> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let from = self.0.range(prefix.clone()..);
        let below = from.take_while(move |(path, _)| path.starts_with(&prefix));
        below.map(|(path, (_, facts))| (path.as_str(), facts))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Arc<T>)> {
        self.0.iter().map(|(path, (_, facts))| (path.as_str(), facts))
    }
}
