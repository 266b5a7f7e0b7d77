use std::fmt;
use std::sync::OnceLock;

use tracing::Span;

use crate::TraceContext;

static COLLECTED: OnceLock<Collected> = OnceLock::new();

/// How a process that tells its spans to a collector of traces knows them. One that tells none pays nothing for it.
#[derive(Debug, Clone, Copy)]
pub struct Collected {
    /// Puts a span that was not entered yet into a trace that came from elsewhere.
    pub join: fn(&Span, TraceContext),
    /// The place of the work in hand.
    pub here: fn() -> Option<TraceContext>,
    /// Gives a span another name.
    pub rename: fn(&Span, String),
}

impl Collected {
    /// Has what is passed on follow the spans of this process from now on. A second time it changes nothing.
    pub fn begin(self) {
        let _first = COLLECTED.set(self);
    }

    /// Names a span after what it turned out to be, where it is collected.
    pub fn name(span: &Span, name: fmt::Arguments<'_>) {
        if let Some(collected) = COLLECTED.get() {
            (collected.rename)(span, name.to_string());
        }
    }
}

impl TraceContext {
    /// The place of the work in hand; `None` where no spans are collected.
    pub fn here() -> Option<Self> {
        COLLECTED.get().and_then(|collected| (collected.here)())
    }

    /// Puts a span that was not entered yet into this trace, unless the work in hand is a part of it already.
    #[must_use]
    pub fn adopt(self, span: Span) -> Span {
        if let Some(collected) = COLLECTED.get()
            && (collected.here)().is_none_or(|here| here.trace() != self.trace())
        {
            (collected.join)(&span, self);
        }
        span
    }

    /// What callees and events are told: the place of the work in hand in this trace, where spans are collected.
    #[must_use]
    pub fn passed_on(self) -> Self {
        Self::here().filter(|here| here.trace() == self.trace()).unwrap_or(self)
    }
}
