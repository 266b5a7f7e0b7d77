use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use kernel::Invalid;
use serde::{Deserialize, Serialize};

/// How sessions and passwords are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UsersSettings {
    /// How many seconds an access token lives.
    pub access_token_seconds: u32,
    /// How many days a refresh token lives; each trade starts them anew.
    pub refresh_token_days: u32,
    /// How many days a key signs access tokens before the next one does.
    pub signing_key_days: u32,
    /// The memory that hashing one password takes, in KiB.
    pub hashing_memory_kib: u32,
    /// How often hashing passes over that memory.
    pub hashing_passes: u32,
    /// How many lanes that memory is cut into.
    pub hashing_lanes: u32,
    /// How many passwords are hashed at once; never more than half of the cores, where there are two. 0 is that half.
    pub hashing_threads: u32,
    /// How many wait to be hashed before others are sent away.
    pub hashing_queue: u32,
}

impl Default for UsersSettings {
    /// Argon2id at the parameters that OWASP names.
    fn default() -> Self {
        Self {
            access_token_seconds: 15 * 60,
            refresh_token_days: 30,
            signing_key_days: 30,
            hashing_memory_kib: 19_456,
            hashing_passes: 2,
            hashing_lanes: 1,
            hashing_threads: 0,
            hashing_queue: 32,
        }
    }
}

impl UsersSettings {
    /// Refuses lives with which a token or key would be dead when it is made.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        let lives = [
            ("access_token_seconds", self.access_token_seconds),
            ("refresh_token_days", self.refresh_token_days),
            ("signing_key_days", self.signing_key_days),
        ];
        match lives.iter().find(|(_, life)| *life == 0) {
            Some((name, _)) => Err(Invalid::new(format!("{name} must be at least 1"))),
            None => Ok(()),
        }
    }

    pub(crate) fn access_token_life(&self) -> Duration {
        Duration::from_secs(u64::from(self.access_token_seconds))
    }

    pub(crate) fn refresh_token_life(&self) -> Duration {
        days(self.refresh_token_days)
    }

    pub(crate) fn signing_key_life(&self) -> Duration {
        days(self.signing_key_days)
    }

    pub(crate) fn hashing_threads(&self) -> usize {
        let half = (available_parallelism().map_or(1, NonZeroUsize::get) / 2).max(1);
        match usize::try_from(self.hashing_threads) {
            Ok(wanted @ 1..) => wanted.min(half),
            _ => half,
        }
    }

    pub(crate) fn hashing_queue(&self) -> usize {
        usize::try_from(self.hashing_queue).unwrap_or(usize::MAX)
    }
}

fn days(number: u32) -> Duration {
    Duration::from_secs(u64::from(number) * 24 * 60 * 60)
}
