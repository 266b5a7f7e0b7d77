use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How a remote call is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetrySettings {
    /// How often at most, the first attempt included.
    pub attempts: u32,
    /// How long to wait before the second attempt; doubled for each further one, with up to half taken off at random.
    pub first_pause: Duration,
    /// The longest wait.
    pub longest_pause: Duration,
    /// How many attempts in a hundred calls may be repeats.
    pub percent: u32,
    /// How many repeats are allowed before there were any calls, and at most at once.
    pub reserve: u32,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_pause: Duration::from_millis(20),
            longest_pause: Duration::from_secs(1),
            percent: 10,
            reserve: 10,
        }
    }
}

impl RetrySettings {
    /// How long to wait after so many failed attempts.
    pub(super) fn pause_after(&self, failed: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failed.saturating_sub(1)).unwrap_or(u32::MAX);
        let longest = self.first_pause.saturating_mul(doubled).min(self.longest_pause);
        let spread = u64::try_from(longest.as_micros() / 2).unwrap_or(u64::MAX).saturating_add(1);
        // A new `RandomState` is random, which is all that a spread needs.
        let random = RandomState::new().build_hasher().finish();
        longest.saturating_sub(Duration::from_micros(random % spread))
    }
}

/// Lets a part of the calls be tried again, so that a peer in trouble is not buried under repeats.
#[derive(Debug)]
pub(super) struct RetryBudget {
    /// In hundredths of a repeat.
    left: AtomicU32,
    per_call: u32,
    most: u32,
}

impl RetryBudget {
    pub(super) fn new(settings: &RetrySettings) -> Self {
        let most = settings.reserve.saturating_mul(100);
        Self { left: AtomicU32::new(most), per_call: settings.percent, most }
    }

    /// Notes a call, which pays for a part of a repeat.
    pub(super) fn earn(&self) {
        let earned = |left: u32| (left < self.most).then(|| self.most.min(left + self.per_call));
        let _full = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, earned);
    }

    /// True if a repeat is paid for.
    pub(super) fn spend(&self) -> bool {
        let spent = |left: u32| left.checked_sub(100);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_calls_may_be_repeated_once_the_reserve_is_spent() {
        let budget = RetryBudget::new(&RetrySettings::default());
        let repeats = (0..1_000).filter(|_| {
            budget.earn();
            budget.spend()
        });

        let repeats = repeats.count();

        assert!((100..=110).contains(&repeats), "{repeats}");
    }

    #[test]
    fn pauses_grow_to_their_limit_and_never_to_nothing() {
        let settings = RetrySettings::default();

        for failed in 1..100 {
            let pause = settings.pause_after(failed);
            assert!(pause >= settings.first_pause / 2 && pause <= settings.longest_pause);
        }
    }
}
