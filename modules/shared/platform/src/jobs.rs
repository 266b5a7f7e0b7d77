//! Work that waits.

use std::time::Duration;

use rand::Rng as _;

/// Waits so long. For backoff and polling in long-running work; never in a request that could be answered at once.
#[expect(clippy::disallowed_methods, reason = "the one place where work waits for time to pass")]
pub async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// How long to wait before a further attempt: doubling from `first`, at most `most`, with up to half of it taken off at random.
pub fn backoff(first: Duration, most: Duration, failed_attempts: u32) -> Duration {
    let doubled = first
        .saturating_mul(1_u32.checked_shl(failed_attempts.saturating_sub(1)).unwrap_or(u32::MAX))
        .min(most);
    let spread = u64::try_from(doubled.as_micros() / 2).unwrap_or(u64::MAX);
    doubled.saturating_sub(Duration::from_micros(rand::rng().random_range(0..=spread)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_to_its_limit_and_never_to_nothing() {
        let (first, most) = (Duration::from_millis(100), Duration::from_secs(5));

        for attempt in 1..100 {
            let wait = backoff(first, most, attempt);
            assert!(wait >= first / 2 && wait <= most, "{wait:?} after {attempt}");
        }
    }
}
