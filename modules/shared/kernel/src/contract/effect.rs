use std::fmt;

use crate::{Executed, Failure, FailureKind};

/// What a method does to the world, which decides whether it is tried again and what happens when its caller goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Nothing. It may be tried again, and ends with its caller.
    Read,
    /// A change that its repeat does not make again. It may be tried again, and runs to its end.
    WriteKeyed,
    /// A change that every repeat makes again. It is tried again only if it certainly had no effect, and runs to its end.
    WriteOnce,
}

impl Effect {
    /// The stable name, kebab-case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::WriteKeyed => "write-keyed",
            Self::WriteOnce => "write-once",
        }
    }

    /// Whether a call that failed so may be made again: the failure may pass, and a repeat does no harm.
    pub fn may_repeat_after(self, failure: &Failure) -> bool {
        let may_pass = matches!(failure.kind, FailureKind::Unavailable | FailureKind::Overloaded);
        may_pass && (self != Self::WriteOnce || failure.executed == Executed::No)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
