use std::time::Duration;

use kernel::contract::CallStream;
use kernel::{Call, CallError, ModuleName, async_trait, contract, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A shelf, with a method of every sort.
#[contract(name = "shelf", version = 1)]
#[async_trait]
pub(crate) trait Shelf: Send + Sync + 'static {
    /// Looks what lies there.
    #[call(read)]
    async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<ShelfRefusal>>;

    /// Puts something on the place it is meant for.
    #[call(write, keyed)]
    async fn put(&self, call: &Call, request: Put) -> Result<Seen, CallError<ShelfRefusal>>;

    /// Puts one more.
    #[call(write, once)]
    async fn add(&self, call: &Call, request: Put) -> Result<Seen, CallError<ShelfRefusal>>;

    /// Looks again and again.
    #[call(read, stream)]
    async fn watch(
        &self,
        call: &Call,
        request: Look,
    ) -> Result<CallStream<Seen>, CallError<ShelfRefusal>>;
}

/// Asks what lies there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Look {
    /// On which board.
    pub(crate) board: u32,
}

/// What lies there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Seen {
    /// How many.
    pub(crate) items: u32,
}

/// Puts something there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Put {
    /// On which board.
    pub(crate) board: u32,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub(crate) enum ShelfRefusal {
    /// There is no such board.
    #[error("no such board")]
    NoBoard,
    /// No room.
    #[error("only {left} left")]
    Full { left: u32 },
}
refusal!(ShelfRefusal { NoBoard => NotFound, Full => Conflict });

pub(crate) const LOOK: Look = Look { board: 1 };
pub(crate) const PUT: Put = Put { board: 1 };
pub(crate) const SEEN: Seen = Seen { items: 3 };

pub(crate) fn call() -> Call {
    Call::system(ModuleName::new("test"), Duration::from_secs(5))
}
