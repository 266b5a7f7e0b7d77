//! One version of a contract as it grows from release to release, and as it must not.

use kernel::{Call, CallError, async_trait, contract, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub(crate) enum DeskRefusal {
    /// It is shut.
    #[error("shut")]
    Shut,
}
refusal!(DeskRefusal { Shut => Conflict });

pub(crate) mod earlier {
    use super::*;

    /// A desk.
    #[contract(name = "desk", version = 1)]
    #[async_trait]
    pub(crate) trait Desk: Send + Sync + 'static {
        /// Looks.
        #[call(read)]
        async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<DeskRefusal>>;
    }

    /// Asks.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Look {
        pub(crate) drawer: u32,
    }

    /// Answers.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Seen {
        pub(crate) items: u32,
        pub(crate) state: State,
    }

    /// An open enum.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub(crate) enum State {
        Tidy,
        #[serde(untagged)]
        Unknown(String),
    }
}

pub(crate) mod later {
    use super::*;

    /// A desk with more to it.
    #[contract(name = "desk", version = 1)]
    #[async_trait]
    pub(crate) trait Desk: Send + Sync + 'static {
        /// Looks.
        #[call(read)]
        async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<LaterRefusal>>;

        /// Tidies up.
        #[call(write, keyed)]
        async fn tidy(&self, call: &Call, request: Look) -> Result<Seen, CallError<LaterRefusal>>;
    }

    /// Asks.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Look {
        pub(crate) drawer: u32,
        pub(crate) lamp: Option<bool>,
    }

    /// Answers.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Seen {
        pub(crate) items: u32,
        pub(crate) state: State,
        #[serde(default)]
        pub(crate) dust: u32,
    }

    /// An open enum with one value more.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub(crate) enum State {
        Tidy,
        Messy,
        #[serde(untagged)]
        Unknown(String),
    }

    /// Why not, with one code more.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
    #[serde(tag = "code", rename_all = "kebab-case")]
    pub(crate) enum LaterRefusal {
        /// It is shut.
        #[error("shut")]
        Shut,
        /// It is locked.
        #[error("locked")]
        Locked { by: String },
    }
    refusal!(LaterRefusal { Shut => Conflict, Locked => Conflict });
}

pub(crate) mod broken {
    use super::*;

    /// A desk that needs to know more, and tells less.
    #[contract(name = "desk", version = 1)]
    #[async_trait]
    pub(crate) trait Desk: Send + Sync + 'static {
        /// Looks.
        #[call(read)]
        async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<DeskRefusal>>;
    }

    /// Asks.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Look {
        pub(crate) drawer: u32,
        pub(crate) room: String,
    }

    /// Answers.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Seen {
        pub(crate) items: String,
    }
}
