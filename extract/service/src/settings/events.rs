use std::num::NonZeroU32;
use std::time::Duration;

use platform::EventSettings;
use serde::{Deserialize, Serialize};

use super::tree::millis;

/// The section `events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventsSettings {
    /// A handler that fails so often parks the event.
    pub max_attempts: NonZeroU32,
    /// A handler that takes longer has failed.
    pub handler_timeout_ms: u64,
    /// How often to look for work that nobody woke us for.
    pub poll_ms: u64,
    /// How many days confirmed events stay as history; 0 is for ever.
    pub retention_days: u32,
    /// How many days handled events stay in the inbox.
    pub inbox_retention_days: u32,
    /// How many days personal data stays in an event that all subscriptions have, and in an inbox that handled or skipped it.
    pub personal_retention_days: u32,
}

const DAY: Duration = Duration::from_hours(24);

impl Default for EventsSettings {
    fn default() -> Self {
        let own = EventSettings::default();
        Self {
            max_attempts: NonZeroU32::new(own.max_attempts).unwrap_or(NonZeroU32::MIN),
            handler_timeout_ms: millis(own.handler_timeout),
            poll_ms: millis(own.poll),
            retention_days: own.retention.map_or(0, days),
            inbox_retention_days: days(own.inbox_retention),
            personal_retention_days: days(own.personal_retention),
        }
    }
}

impl EventsSettings {
    /// As the platform takes them.
    pub fn for_platform(&self) -> EventSettings {
        EventSettings {
            max_attempts: self.max_attempts.get(),
            handler_timeout: Duration::from_millis(self.handler_timeout_ms),
            poll: Duration::from_millis(self.poll_ms),
            retention: (self.retention_days > 0).then(|| DAY * self.retention_days),
            inbox_retention: DAY * self.inbox_retention_days,
            personal_retention: DAY * self.personal_retention_days,
            ..EventSettings::default()
        }
    }
}

fn days(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs() / DAY.as_secs()).unwrap_or(u32::MAX)
}
