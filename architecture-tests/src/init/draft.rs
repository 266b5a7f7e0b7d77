use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Crate, Kind, Workspace};

/// A plan that is being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What it begins with, as comments.
    pub(super) head: Vec<String>,
    /// The files that take in text of other folders.
    pub(super) takes_in: BTreeSet<String>,
    pub(super) roles: Vec<RoleDraft>,
    pub(super) layers: Vec<LayerDraft>,
    pub(super) contexts: BTreeMap<String, ContextDraft>,
    /// Rules that are broken too often to begin with, each with why.
    pub(super) off: BTreeMap<String, String>,
}

/// What is special about a role.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Inside,
    /// It is a contract.
    Open,
    /// It puts the rest together.
    Root,
    /// It is for tests alone.
    Tests,
}

/// A role.
#[derive(Debug, Default)]
pub(super) struct RoleDraft {
    pub(super) name: String,
    pub(super) is: String,
    /// Its crates, and the patterns that mean them.
    pub(super) members: Vec<usize>,
    pub(super) patterns: Vec<String>,
    pub(super) place: Place,
    /// Whether the packages that it has today are all that it may have.
    pub(super) chooses: bool,
    /// The roles that it may know; those that it does, where this says nothing.
    pub(super) may_use: Option<Vec<String>>,
}

/// A layer.
#[derive(Debug, Default)]
pub(super) struct LayerDraft {
    pub(super) name: String,
    pub(super) is: String,
    pub(super) role: String,
    pub(super) folders: Vec<String>,
    pub(super) uses: BTreeSet<String>,
    pub(super) names: Option<BTreeSet<String>>,
}

/// A context.
#[derive(Debug, Default)]
pub(super) struct ContextDraft {
    /// Its folders, where those of its roles don't say it.
    pub(super) crates: Vec<String>,
    pub(super) calls: BTreeSet<String>,
}

impl Draft {
    /// Gives roles that are called alike numbers.
    pub(super) fn tell_apart(&mut self) {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for role in &mut self.roles {
            let numbered = (2..).map(|number| format!("{}-{number}", role.name));
            let free =
                [role.name.clone()].into_iter().chain(numbered).find(|name| !taken.contains(name));
            role.name = free.unwrap_or_default();
            taken.insert(role.name.clone());
        }
    }

    /// The role of a crate.
    pub(super) fn role_of(&self, member: usize) -> Option<&RoleDraft> {
        self.roles.iter().find(|role| role.members.contains(&member))
    }

    /// The roles that a role's crates are built of, and those that its tests know besides.
    pub(super) fn uses(
        &self,
        workspace: &Workspace,
        role: &RoleDraft,
        context_of: &[Option<String>],
    ) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let may = |other: &str| {
            role.may_use.as_ref().is_none_or(|may| may.iter().any(|used| used == other))
        };
        let (mut uses, mut dev) = (BTreeSet::new(), BTreeSet::new());
        for member in &role.members {
            for edge in &workspace.crates[*member].edges {
                let Some((to, other)) = edge.to.and_then(|to| Some((to, self.role_of(to)?))) else {
                    continue;
                };
                let foreign = matches!((&context_of[*member], &context_of[to]), (Some(own), Some(theirs)) if own != theirs);
                if foreign && other.place != Place::Open {
                    continue; // `G02` judges it
                }
                if edge.declared.kind == Kind::Dev {
                    dev.insert(other.name.as_str());
                } else if may(&other.name) {
                    uses.insert(other.name.as_str());
                }
            }
        }
        dev.retain(|other| !uses.contains(other));
        (uses, dev)
    }
}

/// The packages from outside that these crates are built of.
pub(super) fn packages<'a>(workspace: &'a Workspace, members: &[usize]) -> BTreeSet<&'a str> {
    let crates = members.iter().map(|member| &workspace.crates[*member]);
    let edges = crates.flat_map(|one: &Crate| &one.edges);
    let outside = edges.filter(|edge| edge.to.is_none() && edge.declared.kind != Kind::Dev);
    outside.map(|edge| edge.declared.package.as_str()).collect()
}
