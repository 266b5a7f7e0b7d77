use super::Access;

/// What is decided about a request once it is known where it goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// The path with its names: `/api/carts/{id}`.
    pub(crate) path: &'static str,
    pub(super) access: Access,
    pub(super) effect: Effect,
    pub(super) pace: Pace,
    pub(super) privacy: Privacy,
}

impl Route {
    /// Whether no cache may keep the answer.
    pub(crate) fn is_private(self) -> bool {
        self.privacy == Privacy::Private
    }
}

/// Whether a request changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It ends when its client goes away.
    Read,
    /// It runs to its end even when its client goes away.
    Write,
}

/// How long a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// As long as any.
    Bounded,
    /// As long as it takes; it limits its own steps.
    Streamed,
}

/// Who may see the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Privacy {
    /// Everybody sees the same.
    Public,
    /// The caller alone.
    Private,
}
