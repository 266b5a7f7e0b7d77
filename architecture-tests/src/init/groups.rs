use std::collections::BTreeSet;

use super::draft::{Place, RoleDraft};
use super::graph::Graph;
use super::names::{has, patterns, place};
use crate::facts::{Crate, Kind, Workspace};

const TESTS: [&str; 10] = [
    "test",
    "tests",
    "testing",
    "testkit",
    "testutil",
    "testutils",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
];
const TOOLS: [&str; 9] =
    ["xtask", "xtasks", "bench", "benches", "benchmark", "benchmarks", "fuzz", "tools", "examples"];
/// What crates that belong to no family are called, by how far up they are.
const STOREYS: [&str; 4] = ["foundation", "core", "services", "features"];
/// So many crates without a family have a role each: what they may know is then said one by one.
pub(super) const FEW: usize = 12;

/// Puts members into groups of which none knows another round in a circle.
pub(super) struct Groups<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) graph: Graph,
    heights: Vec<usize>,
    /// The group of each member: at first, every member is one.
    of: Vec<usize>,
    /// The members that are still alone.
    pub(super) open: BTreeSet<usize>,
    pub(super) roles: Vec<RoleDraft>,
}

/// The roles of these members, whose names may be the same: what is run, what tests stand on, macros, families by folder and by name, and the rest by how far
/// up it is.
pub(super) fn roles(workspace: &Workspace, members: &[usize]) -> Vec<RoleDraft> {
    let graph = Graph::of(workspace);
    let mut groups = Groups {
        workspace,
        heights: graph.heights(),
        graph,
        of: (0..workspace.crates.len()).collect(),
        open: members.iter().copied().collect(),
        roles: Vec::new(),
    };
    groups.special();
    groups.families();
    groups.rest();
    let heights = groups.graph.heights_of_groups(&groups.of);
    let height = |role: &RoleDraft| role.members.first().map(|member| heights[groups.of[*member]]);
    groups.roles.sort_by_key(height);
    groups.roles
}

/// Whether a crate is run: it has a program, and nobody is built of it.
pub(super) fn is_run(workspace: &Workspace, graph: &Graph, member: usize) -> bool {
    let one = &workspace.crates[member];
    let (main, programs) = (one.path("src/main.rs"), one.path("src/bin/"));
    let is_program = |path: &str| path == main || path.starts_with(&programs);
    let has_program = one.sources.iter().any(|source| is_program(&source.path))
        || one.manifest.targets.iter().any(|(path, _)| path.ends_with("main.rs"));
    has_program && !graph.is_used(member)
}

impl Groups<'_> {
    pub(super) fn one(&self, member: usize) -> &Crate {
        &self.workspace.crates[member]
    }

    pub(super) fn taking(&self, is_meant: impl Fn(&Self, usize) -> bool) -> Vec<usize> {
        self.open.iter().copied().filter(|member| is_meant(self, *member)).collect()
    }

    fn special(&mut self) {
        let macros = self.taking(|groups, at| groups.one(at).manifest.is_macro);
        self.join(macros, "macros", "procedural macros", Place::Inside);
        let tools = self.taking(|groups, at| {
            let (above, name) = place(groups.one(at));
            let is_tool =
                has(name, &TOOLS) || TOOLS.contains(&above.rsplit('/').next().unwrap_or_default());
            is_tool && !groups.graph.is_used(at)
        });
        self.join(tools, "tools", "what is run while developing", Place::Inside);
        let tests = self.taking(|groups, at| has(place(groups.one(at)).1, &TESTS));
        let tests = self.used_by_tests_alone(tests);
        self.join(tests, "testing", "what tests stand on", Place::Tests);
        let run = self.taking(|groups, at| is_run(groups.workspace, &groups.graph, at));
        self.join(run, "apps", "what is run: nobody is built of it", Place::Root);
    }

    /// Those of these that nothing but tests, and each other, depend on.
    fn used_by_tests_alone(&self, mut members: Vec<usize>) -> Vec<usize> {
        loop {
            let ships = |to: &usize| {
                self.workspace.crates.iter().enumerate().any(|(from, one)| {
                    let mut edges = one.edges.iter();
                    !members.contains(&from)
                        && edges.any(|edge| edge.to == Some(*to) && edge.declared.kind != Kind::Dev)
                })
            };
            let left: Vec<usize> = members.iter().copied().filter(|to| !ships(to)).collect();
            if left.len() == members.len() {
                return left;
            }
            members = left;
        }
    }

    /// What belongs to no family: one by one where it is little, else by how far up it is.
    fn rest(&mut self) {
        let rest: Vec<usize> = self.open.iter().copied().collect();
        if rest.len() <= FEW {
            for member in rest {
                let (name, is) = (place(self.one(member)).1.to_owned(), self.alone(member));
                self.join(vec![member], &name, &is, Place::Inside);
            }
        } else {
            self.storeys(rest);
        }
    }

    /// Storeys of about as many crates each: a crate is never in a lower one than what it is built of.
    fn storeys(&mut self, mut rest: Vec<usize>) {
        rest.sort_by_key(|member| self.heights[*member]);
        let share = rest.len().div_ceil(STOREYS.len());
        let mut storeys: Vec<Vec<usize>> = vec![Vec::new()];
        for member in rest {
            let height = |member: &usize| self.heights[*member];
            let is_full = storeys.last().is_some_and(|storey| {
                storey.len() >= share && storey.last().map(height) < Some(height(&member))
            });
            if is_full && storeys.len() < STOREYS.len() {
                storeys.push(Vec::new());
            }
            storeys.last_mut().into_iter().for_each(|storey| storey.push(member));
        }
        for (number, storey) in storeys.into_iter().enumerate() {
            let is = if number == 0 { "what the rest stands on" } else { "what stands on that" };
            self.join(storey, STOREYS[number], is, Place::Inside);
        }
    }

    pub(super) fn alone(&self, member: usize) -> String {
        format!("the crate `{}`", self.one(member).name())
    }

    fn can_join(&self, group: &[usize], member: usize) -> bool {
        let mut joined = self.of.clone();
        joined[member] = joined[group[0]];
        self.graph.is_acyclic(&joined)
    }

    /// Makes a role of members; of those that know each other through others it makes several, one above the other.
    pub(super) fn join(&mut self, mut members: Vec<usize>, name: &str, is: &str, at: Place) {
        members.sort_by_key(|member| self.heights[*member]);
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for member in members {
            self.open.remove(&member);
            let fits = parts.iter().rposition(|part| {
                self.of[part[0]] == self.of[member] || self.can_join(part, member)
            });
            match fits {
                Some(part) => {
                    self.of[member] = self.of[parts[part][0]];
                    parts[part].push(member);
                }
                None => parts.push(vec![member]),
            }
        }
        let last = parts.len();
        for (number, members) in parts.into_iter().enumerate() {
            let (name, is) = match members.as_slice() {
                [alone] if last > 1 => (place(self.one(*alone)).1.to_owned(), self.alone(*alone)),
                _ if number + 1 == last => (name.to_owned(), is.to_owned()),
                _ if number == 0 => (format!("{name}-base"), format!("{is}, below the rest")),
                _ => (format!("{name}-{}", number + 1), format!("{is}, below the rest")),
            };
            let patterns = patterns(self.workspace, &members);
            let role = RoleDraft { name, is, members, patterns, place: at, ..RoleDraft::default() };
            self.roles.push(role);
        }
    }
}
