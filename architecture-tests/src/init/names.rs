use std::collections::BTreeMap;

use crate::facts::{Crate, Workspace};
use crate::plan::{Pattern, as_written};

/// The folder above a crate's, and its own name.
pub(super) fn place(one: &Crate) -> (&str, &str) {
    let folder = one.manifest.folder.as_str();
    folder.rsplit_once('/').unwrap_or(("", if folder.is_empty() { one.name() } else { folder }))
}

/// The words of a name.
pub(super) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['-', '_', '.'])
}

/// Whether a name has one of these words.
pub(super) fn has(name: &str, wanted: &[&str]) -> bool {
    words(name).any(|word| wanted.contains(&word))
}

/// The word that most names begin with, as the workspace's own: `nu` of `nu-cli`, `nu-parser` and so on.
pub(super) fn house(workspace: &Workspace) -> Option<&str> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &workspace.crates {
        *counted.entry(words(place(one).1).next().unwrap_or_default()).or_default() += 1;
    }
    let (word, most) = counted.into_iter().max_by_key(|(_, count)| *count)?;
    (most * 2 > workspace.crates.len() && most > 2).then_some(word)
}

/// What a crate's name begins with, that of the house left out: `hir` of `hir-def`, `nu_plugin` of `nu_plugin_query`.
pub(super) fn family<'a>(name: &'a str, house: Option<&str>) -> &'a str {
    let ends = || name.match_indices(['-', '_', '.']).map(|(at, _)| at).chain([name.len()]);
    let own = house.is_some_and(|house| words(name).next() == Some(house));
    ends().nth(usize::from(own)).map_or(name, |end| &name[..end])
}

/// Patterns for the folders of these members that match no other: those of whole folders, those of names that begin alike, and
/// the rest one by one.
pub(super) fn patterns(workspace: &Workspace, members: &[usize]) -> Vec<String> {
    let folder = |member: &usize| as_written(&workspace.crates[*member].manifest.folder);
    let fits = |pattern: &str| {
        let pattern = Pattern::new(pattern);
        let matched = |at: &usize| pattern.matches(folder(at));
        let all: Vec<usize> = (0..workspace.crates.len()).filter(matched).collect();
        all.len() > 1 && all.iter().all(|at| members.contains(at))
    };
    let mut patterns: Vec<String> = Vec::new();
    for member in members {
        if patterns.iter().any(|pattern| Pattern::new(pattern).matches(folder(member))) {
            continue;
        }
        let (above, name) = place(&workspace.crates[*member]);
        let ends = name.match_indices(['-', '_']).map(|(at, _)| &name[..=at]);
        let tries = [""].into_iter().chain(ends).map(|start| format!("{above}/{start}*"));
        let bare = format!("{above}/{name}*");
        let known = tries.chain([bare]).find(|pattern| !above.is_empty() && fits(pattern));
        patterns.push(known.unwrap_or_else(|| folder(member).to_owned()));
    }
    patterns.sort();
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_what_a_name_begins_with_behind_that_of_the_house() {
        assert_eq!(family("hir-def", None), "hir");
        assert_eq!(family("nu-plugin-core", Some("nu")), "nu-plugin");
        assert_eq!(family("nu_plugin_query", Some("nu")), "nu_plugin");
        assert_eq!(family("nuon", Some("nu")), "nuon");
        assert_eq!(family("nu", Some("nu")), "nu");
    }
}
