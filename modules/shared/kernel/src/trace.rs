use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::Invalid;

/// The W3C trace that a call belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceContext {
    trace: u128,
    parent: u64,
    flags: u8,
}

impl TraceContext {
    /// Starts a trace of its own.
    #[expect(clippy::disallowed_methods, reason = "the one place where trace ids are made")]
    pub fn root() -> Self {
        // Samplers go by the lower half, which as it is begins with the same bits in every UUID.
        let trace = Uuid::new_v4().as_u128().rotate_left(64) | 1;
        Self { trace, parent: unspanned(trace), flags: 1 }
    }

    /// A place in a trace, as whoever counts spans knows it. `None` where an id is missing.
    pub fn at(trace: u128, parent: u64, flags: u8) -> Option<Self> {
        (trace != 0 && parent != 0).then_some(Self { trace, parent, flags })
    }

    /// Whether it was begun by one of ours and no span, so that its parent is none that a collector could know.
    pub fn is_root(&self) -> bool {
        self.parent == unspanned(self.trace)
    }

    /// What all spans of the trace share.
    pub fn trace(&self) -> u128 {
        self.trace
    }

    /// The span that this was passed on by.
    pub fn parent(&self) -> u64 {
        self.parent
    }

    /// Whether it is sampled, and what else is passed on with it.
    pub fn flags(&self) -> u8 {
        self.flags
    }

    /// The 32 hex digits that all spans of the trace share.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }
}

/// What stands for the parent where no span began the trace.
fn unspanned(trace: u128) -> u64 {
    (trace >> 64) as u64 | 1
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.parent, self.flags)
    }
}

impl FromStr for TraceContext {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid::new("not a traceparent");
        let mut parts = text.splitn(4, '-');
        let mut hex = |length: usize| {
            let part = parts.next().filter(|part| part.len() >= length).ok_or_else(invalid)?;
            let digits = part.get(..length).ok_or_else(invalid)?;
            u128::from_str_radix(digits, 16).map_err(|_| invalid())
        };
        let (version, trace, parent, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
        if version == 0xff || trace == 0 || parent == 0 {
            return Err(invalid());
        }
        let parent = u64::try_from(parent).map_err(|_| invalid())?;
        Ok(Self { trace, parent, flags: u8::try_from(flags).map_err(|_| invalid())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_survives_its_text() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assert_eq!(
            text.parse::<TraceContext>().map(|trace| trace.to_string()),
            Ok(text.to_owned())
        );
    }

    #[test]
    fn a_trace_that_no_span_began_is_known_by_its_text() {
        let root = TraceContext::root();
        let passed_on = TraceContext::at(root.trace(), root.parent() ^ 2, 1);

        assert!(root.to_string().parse::<TraceContext>().is_ok_and(|read| read.is_root()));
        assert!(passed_on.is_some_and(|trace| !trace.is_root()));
    }

    #[test]
    fn samplers_find_the_half_of_a_trace_that_they_go_by_random() {
        let upper = |_: &usize| TraceContext::root().trace() << 64 > u128::MAX / 4 * 3;

        let many = (0..1_000).filter(upper).count();

        assert!((100..400).contains(&many), "{many} of 1000 are in the upper quarter");
    }

    #[test]
    fn what_is_not_a_traceparent_is_refused() {
        for text in ["", "00-0-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "ü"]
        {
            assert!(text.parse::<TraceContext>().is_err(), "{text} passed");
        }
    }
}
