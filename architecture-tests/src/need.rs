use crate::plan::{Layer, Plan, Role};

/// What the plan must say for a rule to be held. Where it says so and nothing matches, the rule is broken (`M01`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the rule holds for every workspace.
    Nothing,
    /// A context.
    Contexts,
    /// A role that is a contract.
    Contracts,
    /// A role whose contracts are called from other processes.
    Remote,
    /// A role or a layer that chooses its packages.
    Packages,
    /// A role for tests alone.
    TestSupport,
    /// A role that keeps nothing.
    Stateless,
    /// A role or a layer that must not name something, or wait.
    Forbidden,
    /// Limits of files and functions.
    Sizes,
    /// A limit of folders.
    Depth,
    /// A limit of calls.
    Calls,
    /// The committed documents.
    Documents,
    /// The files that name every contract.
    Lists,
    /// The file that lists who calls whom.
    Neighbourhood,
    /// Migrations.
    Migrations,
    /// The tables of events.
    EventTables,
    /// The wiring.
    Wiring,
    /// A page.
    Page,
    /// Pictures.
    Pictures,
}

impl Need {
    /// What the plan does not say; none where it says what is needed.
    pub fn missing(self, plan: &Plan) -> Option<&'static str> {
        let (said, what) = self.said(plan);
        (!said).then_some(what)
    }

    fn said(self, plan: &Plan) -> (bool, &'static str) {
        let role = |has: fn(&Role) -> bool| plan.role.values().any(has);
        let layer = |has: fn(&Layer) -> bool| plan.layer.values().any(has);
        let (layout, limits) = (&plan.layout, &plan.limits);
        let forbids = role(|role| !role.forbids.is_empty())
            || layer(|layer| layer.sync || !layer.forbids.is_empty());
        let chooses = role(|role| role.external.is_some()) || layer(|layer| layer.names.is_some());
        match self {
            Self::Nothing => (true, ""),
            Self::Contexts => (!plan.context.is_empty(), "no `[context.…]`"),
            Self::Contracts => (role(|role| role.open), "no role with `open = true`"),
            Self::Remote => (role(|role| role.remote), "no role with `remote = true`"),
            Self::Packages => (chooses, "no `external` of a role and no `names` of a layer"),
            Self::TestSupport => {
                (role(|role| role.test_support), "no role with `test_support = true`")
            }
            Self::Stateless => (role(|role| role.stateless), "no role with `stateless = true`"),
            Self::Forbidden => (forbids, "no `forbids` and no `sync` of a role or layer"),
            Self::Sizes => {
                let said = limits.file_lines.or(limits.function_lines).is_some();
                (said, "no `limits.file_lines` and no `limits.function_lines`")
            }
            Self::Depth => (limits.folders.is_some(), "no `limits.folders`"),
            Self::Calls => (limits.calls.is_some(), "no `limits.calls`"),
            Self::Documents => (layout.documents.is_some(), "no `layout.documents`"),
            Self::Lists => (!layout.lists.is_empty(), "no `layout.lists`"),
            Self::Neighbourhood => (layout.neighbourhood.is_some(), "no `layout.neighbourhood`"),
            Self::Migrations => (layout.migrations.is_some(), "no `layout.migrations`"),
            Self::EventTables => (!layout.event_tables.is_empty(), "no `layout.event_tables`"),
            Self::Wiring => (!layout.wiring.is_empty(), "no `layout.wiring`"),
            Self::Page => (layout.page.is_some(), "no `layout.page`"),
            Self::Pictures => (layout.pictures.is_some(), "no `layout.pictures`"),
        }
    }
}
