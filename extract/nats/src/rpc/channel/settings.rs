use std::time::Duration;

/// How a channel deals with those that it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelSettings {
    /// A callee of which nothing was heard for so long is dead. It must be longer than the callee's heartbeat.
    pub silence: Duration,
    /// The largest message, in bytes. The broker's own limit holds besides.
    pub largest_message: usize,
    /// The largest answer, or item of a stream, in bytes.
    pub largest_answer: usize,
    /// How many items of a stream may be on their way.
    pub window: u32,
}

impl Default for ChannelSettings {
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(4),
            largest_message: 8 * 1024 * 1024,
            largest_answer: 64 * 1024 * 1024,
            window: 256,
        }
    }
}
