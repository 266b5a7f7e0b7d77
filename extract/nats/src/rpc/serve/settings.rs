use std::time::Duration;

/// How much a process takes on over NATS, and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerSettings {
    /// How many calls may be under way at once; further ones are refused, unexecuted.
    pub at_once: u32,
    /// How long a server that stops waits for the calls that are under way.
    pub drain: Duration,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self { at_once: 4_096, drain: Duration::from_secs(10) }
    }
}
