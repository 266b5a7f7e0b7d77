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
        let trace = Uuid::new_v4().as_u128() | 1;
        Self { trace, parent: (trace >> 64) as u64 | 1, flags: 1 }
    }

    /// The 32 hex digits that all spans of the trace share.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }
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
    fn what_is_not_a_traceparent_is_refused() {
        for text in ["", "00-0-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "ü"]
        {
            assert!(text.parse::<TraceContext>().is_err(), "{text} passed");
        }
    }
}
