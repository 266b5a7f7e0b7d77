use std::collections::BTreeSet;

use crate::facts::{Crate, Kind, Workspace};

/// Which member is built of which, tests left out: Cargo lets tests go round in circles, and nothing else.
pub(super) struct Graph {
    to: Vec<BTreeSet<usize>>,
}

impl Graph {
    pub(super) fn of(workspace: &Workspace) -> Self {
        let built = |(at, one): (usize, &Crate)| {
            let edges = one.edges.iter().filter(|edge| edge.declared.kind != Kind::Dev);
            edges.filter_map(|edge| edge.to).filter(|to| *to != at).collect()
        };
        Self { to: workspace.crates.iter().enumerate().map(built).collect() }
    }

    /// How many edges the longest way down from a member has, by member. A circle, which Cargo refuses, ends where it began.
    pub(super) fn heights(&self) -> Vec<usize> {
        let mut heights = vec![0; self.to.len()];
        for _ in 0..self.to.len() {
            let before = heights.clone();
            for (from, to) in self.to.iter().enumerate() {
                heights[from] = to.iter().map(|to| before[*to] + 1).max().unwrap_or(0);
            }
            if heights == before {
                break;
            }
        }
        heights
    }

    /// How many edges the longest way down from a member has among others of a group.
    pub(super) fn height_within(&self, member: usize, group: &[usize]) -> usize {
        let next = self.to[member].iter().filter(|to| group.contains(to));
        // Cargo has no circles outside tests; a way is never longer than the group.
        let rest: Vec<usize> = group.iter().copied().filter(|other| *other != member).collect();
        next.map(|to| self.height_within(*to, &rest) + 1).max().unwrap_or(0)
    }

    /// The members that these are built of, whatever is between.
    pub(super) fn below(&self, members: impl Iterator<Item = usize>) -> BTreeSet<usize> {
        let mut open: Vec<usize> =
            members.flat_map(|member| self.to[member].iter().copied()).collect();
        let mut below = BTreeSet::new();
        while let Some(member) = open.pop() {
            if below.insert(member) {
                open.extend(&self.to[member]);
            }
        }
        below
    }

    /// Whether any member is built of this one.
    pub(super) fn is_used(&self, member: usize) -> bool {
        self.to.iter().any(|to| to.contains(&member))
    }

    /// How far up each group is of those that members are in, by group.
    pub(super) fn heights_of_groups(&self, group_of: &[usize]) -> Vec<usize> {
        Self { to: self.between(group_of) }.heights()
    }

    /// Whether the groups that members are in have no circle.
    pub(super) fn is_acyclic(&self, group_of: &[usize]) -> bool {
        let edges = self.between(group_of);
        let mut open: BTreeSet<usize> = (0..edges.len()).collect();
        loop {
            let ends = |group: &usize| !edges[*group].iter().any(|to| open.contains(to));
            let ended: Vec<usize> = open.iter().copied().filter(ends).collect();
            if ended.is_empty() {
                return open.is_empty();
            }
            open.retain(|group| !ended.contains(group));
        }
    }

    /// Which group is built of which.
    fn between(&self, group_of: &[usize]) -> Vec<BTreeSet<usize>> {
        let groups = group_of.iter().max().map_or(0, |most| most + 1);
        let mut edges = vec![BTreeSet::new(); groups];
        for (from, to) in self.to.iter().enumerate() {
            let others = to.iter().map(|to| group_of[*to]).filter(|to| *to != group_of[from]);
            edges[group_of[from]].extend(others);
        }
        edges
    }
}
