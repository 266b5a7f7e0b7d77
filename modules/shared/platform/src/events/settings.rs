use std::time::Duration;

/// How events are relayed and handled.
#[derive(Debug, Clone)]
pub struct EventSettings {
    /// A handler that fails so often parks the event.
    pub max_attempts: u32,
    /// A handler that takes longer has failed. On `SQLite` it holds the module's writer meanwhile.
    pub handler_timeout: Duration,
    /// How long to wait after a first failure; doubles with each further one.
    pub first_backoff: Duration,
    /// The longest wait after a failure.
    pub longest_backoff: Duration,
    /// The longest wait after a subscription could not be told its events, or its worker could not work.
    pub longest_relay_backoff: Duration,
    /// How often to look for work that nobody woke us for.
    pub poll: Duration,
    /// What is offered and not confirmed for so long is offered again.
    pub lease: Duration,
    /// How long confirmed events stay as history; for ever if absent.
    pub retention: Option<Duration>,
    /// How long handled events stay in the inbox.
    pub inbox_retention: Duration,
    /// How long personal data stays in an event that all subscriptions have, and in an inbox after it was handled there.
    pub personal_retention: Duration,
}

const DAY: Duration = Duration::from_hours(24);

impl Default for EventSettings {
    fn default() -> Self {
        Self {
            max_attempts: 8,
            handler_timeout: Duration::from_secs(5),
            first_backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_mins(1),
            longest_relay_backoff: Duration::from_secs(5),
            poll: Duration::from_millis(500),
            lease: Duration::from_secs(30),
            retention: None,
            inbox_retention: DAY * 7,
            personal_retention: DAY * 30,
        }
    }
}
