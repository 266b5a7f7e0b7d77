use std::fmt;

use super::contexts::Contexts;
use super::hexagon;
use crate::facts::Workspace;

/// How a first plan sees a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Contexts that know each other by contracts alone.
    ModularMonolith,
    /// Roles, each of which knows only those below it.
    Layers,
    /// A domain that knows nobody, an application around it, adapters around that.
    Hexagon,
}

impl Preset {
    /// The one that a workspace looks like, and why.
    pub(super) fn seen(workspace: &Workspace) -> (Self, String) {
        let contexts = Contexts::with_contracts(workspace);
        if let Some(contexts) = contexts {
            let why = format!("these have contracts of their own: {}", contexts.names().join(", "));
            return (Self::ModularMonolith, why);
        }
        if let Some(why) = hexagon::is_seen(workspace) {
            return (Self::Hexagon, why);
        }
        let why = "no contracts between contexts and no domain with adapters are seen".to_owned();
        (Self::Layers, why)
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ModularMonolith => "modular-monolith",
            Self::Layers => "layers",
            Self::Hexagon => "hexagon",
        })
    }
}
