use std::path::PathBuf;

use crate::{Binaries, Journey, Kit, Outcome, Plan, SHORT, Split, Store, WHOLE};

/// Three modest processes, a process for each module, or one and another shop.
const CONNECTIONS: u32 = 45;

/// How much of the suite runs over a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// All of it.
    Whole,
    /// A few journeys that tell most.
    Short,
}

impl Suite {
    /// As the page writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Short => "short",
        }
    }

    /// Its journeys.
    pub fn journeys(self) -> &'static [Journey] {
        match self {
            Self::Whole => WHOLE,
            Self::Short => SHORT,
        }
    }
}

/// Where everything runs, on what, and what is run over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// What is not with the gateway.
    pub plan: Plan,
    /// What the gateway's process stands on: files, or a database that others share.
    pub shop: Store,
    /// What runs over it, where everything does.
    pub suite: Suite,
    /// Whether it is among the few that always run, with the short suite.
    pub always: bool,
    /// Where the slim binaries are, if the processes are of those.
    pub slim: Option<PathBuf>,
}

impl Placement {
    /// One that runs where everything does, with the whole suite.
    pub fn of(plan: Plan, shop: Store) -> Self {
        Self { plan, shop, suite: Suite::Whole, always: false, slim: None }
    }

    /// The same with the short suite.
    #[must_use]
    pub fn short(self) -> Self {
        Self { suite: Suite::Short, ..self }
    }

    /// The same, and always.
    #[must_use]
    pub fn always(self) -> Self {
        Self { always: true, ..self }
    }

    /// The same with binaries that have nothing but their modules.
    #[must_use]
    pub fn slim(self, binaries: PathBuf) -> Self {
        Self { slim: Some(binaries), ..self }
    }

    /// What it is, in the name of a test: `inventory_by_http_on_files`.
    pub fn name(&self) -> String {
        let shop = if self.shop == Store::Files { "files" } else { "postgres" };
        let slim = if self.slim.is_some() { "_in_slim_binaries" } else { "" };
        let apart = self.plan.name();
        format!("{apart}{slim}_shop_on_{shop}")
    }

    /// Prepares it. None if it needs what is not there, which was said.
    pub async fn prepare(&self, binaries: Binaries) -> Outcome<Option<Split>> {
        let database = if self.shop != Store::Files || self.plan.needs_a_server() {
            let Some(database) = testkit::postgres(CONNECTIONS).await else { return Ok(None) };
            Some(database)
        } else {
            None
        };
        let (plan, shop, slim) = (self.plan.clone(), self.shop, self.slim.clone());
        Split::of_kit(Kit { binaries, plan, shop, slim }, database).await
    }
}
