use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::draft::Place;
use super::groups::{FEW, Groups};
use super::names::{family, house, place};

impl Groups<'_> {
    /// Makes roles of folders, and of what is called alike.
    pub(super) fn families(&mut self) {
        let most = self.main_folder();
        let own = |groups: &Self, at: usize| place(groups.one(at)).0.to_owned();
        let folders: BTreeSet<String> = self.open.iter().map(|at| own(self, *at)).collect();
        for folder in folders.iter().filter(|folder| **folder != most && !folder.is_empty()) {
            let members = self.taking(|groups, at| own(groups, at) == *folder);
            let name = folder.rsplit('/').next().unwrap_or(folder);
            self.family(&members, name, &format!("the crates of `{folder}`"));
        }
        let house = house(self.workspace);
        let mut families: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for member in &self.open {
            let name = family(place(self.one(*member)).1, house);
            families.entry(name.to_owned()).or_default().push(*member);
        }
        for (name, members) in families {
            let own = |name: &str| {
                house.and_then(|house| {
                    name.strip_prefix(house)
                        .map(|rest| rest.trim_start_matches(['-', '_']).to_owned())
                })
            };
            let name = self.common(&members).unwrap_or(name);
            let short = own(&name)
                .filter(|short| !short.is_empty() && !self.is_taken(short))
                .unwrap_or_else(|| name.clone());
            let is = format!("`{name}` and what is called after it");
            self.family(&members, &short, &is);
        }
    }

    /// The uppermost folder with several crates, and of those the one with the most: that a crate lies there says nothing of it.
    fn main_folder(&self) -> String {
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        for one in self.workspace.crates.iter().filter(|one| !one.manifest.folder.is_empty()) {
            *counted.entry(place(one).0).or_default() += 1;
        }
        let depth = |folder: &str| folder.split('/').filter(|part| !part.is_empty()).count();
        let rank = |(folder, count): &(&str, usize)| (*count > 2, Reverse(depth(folder)), *count);
        counted
            .into_iter()
            .max_by_key(rank)
            .map(|(folder, _)| folder.to_owned())
            .unwrap_or_default()
    }

    fn is_taken(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role.name == name)
    }

    /// A family of few is parted by who of it knows whom, so that none may know its siblings who does not today.
    fn family(&mut self, members: &[usize], name: &str, is: &str) {
        let mut storeys: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let is_small = members.len() <= FEW;
        for member in members {
            let height = if is_small { self.graph.height_within(*member, members) } else { 0 };
            storeys.entry(height).or_default().push(*member);
        }
        let last = storeys.len();
        for (number, storey) in storeys.into_values().enumerate().filter(|_| members.len() > 1) {
            match storey.as_slice() {
                [alone] => {
                    let (name, is) = (place(self.one(*alone)).1.to_owned(), self.alone(*alone));
                    self.join(storey, &name, &is, Place::Inside);
                }
                _ if number + 1 == last => self.join(storey, name, is, Place::Inside),
                _ if number == 0 => self.join(storey, &format!("{name}-base"), is, Place::Inside),
                _ => self.join(storey, &format!("{name}-parts"), is, Place::Inside),
            }
        }
    }

    /// What the names of several members begin with, up to the end of a word.
    fn common(&self, members: &[usize]) -> Option<String> {
        let (first, rest) = members.split_first()?;
        let first = place(self.one(*first)).1;
        let ends = first.match_indices(['-', '_']).map(|(end, _)| end).chain([first.len()]);
        let is_shared = |start: &&str| {
            rest.iter().all(|other| {
                let rest = place(self.one(*other)).1.strip_prefix(start);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
            })
        };
        let shared = ends.map(|end| &first[..end]).rfind(is_shared);
        shared.map(str::to_owned).filter(|_| !rest.is_empty())
    }
}
