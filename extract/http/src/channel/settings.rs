use std::time::Duration;

/// How a channel deals with the instances that it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelSettings {
    /// How long a connection may take to be made.
    pub connect: Duration,
    /// For how long an instance is left alone that refused a connection, if there are others.
    pub rest: Duration,
    /// How often names are looked up anew.
    pub resolve: Duration,
    /// How many connections to an instance are kept while nobody calls.
    pub kept: usize,
    /// A connection that nobody used for so long is not used again. It must be shorter than the callee keeps one.
    pub idle: Duration,
    /// A stream of which nothing was heard for so long is dead. It must be longer than the callee's heartbeat.
    pub silence: Duration,
    /// The largest answer, or item of a stream, in bytes.
    pub largest_answer: usize,
}

impl Default for ChannelSettings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            rest: Duration::from_secs(1),
            resolve: Duration::from_secs(5),
            kept: 64,
            idle: Duration::from_secs(5),
            silence: Duration::from_secs(15),
            largest_answer: 64 * 1024 * 1024,
        }
    }
}
