use std::time::Duration;

use kernel::contract::CallStream;
use kernel::{Call, CallError, ModuleName, async_trait, contract, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A shelf, with a method of every sort.
#[contract(name = "shelf", version = 1)]
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
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
pub struct Look {
    /// On which board.
    pub board: u32,
}

/// What lies there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// How many.
    pub items: u32,
}

/// Puts something there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Put {
    /// On which board.
    pub board: u32,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ShelfRefusal {
    /// There is no such board.
    #[error("no such board")]
    NoBoard,
    /// No room.
    #[error("only {left} left")]
    Full {
        /// For how many.
        left: u32,
    },
}
refusal!(ShelfRefusal { NoBoard => NotFound, Full => Conflict });

/// A message.
pub const LOOK: Look = Look { board: 1 };
/// A message.
pub const PUT: Put = Put { board: 1 };
/// An answer.
pub const SEEN: Seen = Seen { items: 3 };

/// A call that has five seconds.
pub fn call() -> Call {
    Call::system(ModuleName::new("test"), Duration::from_secs(5))
}

/// A call that no test waits out.
pub fn long_call() -> Call {
    Call::system(ModuleName::new("test"), Duration::from_mins(50))
}
