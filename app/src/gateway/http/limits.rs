use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::{HeaderName, HeaderValue, StatusCode};
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Problem;
use crate::gateway::state::permits;
use galleria_service::settings::LimitSettings;

/// After so many checks the keys that are quiet again are forgotten.
const CHECKS_BETWEEN_PRUNINGS: u32 = 4096;

/// How much is taken: requests at once, requests a second of an address, sign-ins a minute of an address and an account.
pub(crate) struct Limits {
    in_flight: Arc<Semaphore>,
    requests: Option<Limit<IpAddr>>,
    sign_ins_by_address: Option<Limit<IpAddr>>,
    sign_ins_by_account: Option<Limit<String>>,
}

impl Limits {
    pub(crate) fn new(settings: &LimitSettings) -> Self {
        let a_second = NonZeroU32::new(settings.requests_per_second).map(Quota::per_second);
        let a_minute = NonZeroU32::new(settings.sign_ins_per_minute).map(Quota::per_minute);
        Self {
            in_flight: Arc::new(Semaphore::new(permits(settings.requests_in_flight))),
            requests: a_second.map(|quota| Limit::new("requests", 1, quota)),
            sign_ins_by_address: a_minute.map(|quota| Limit::new("sign-ins", 60, quota)),
            sign_ins_by_account: a_minute.map(|quota| Limit::new("sign-ins", 60, quota)),
        }
    }

    /// Lets a request in, or says at once that there is too much to do.
    pub(super) fn enter(&self, client: IpAddr) -> Result<OwnedSemaphorePermit, Problem> {
        if let Some(limit) = &self.requests {
            limit.check(&network_of(client))?;
        }
        Arc::clone(&self.in_flight).try_acquire_owned().map_err(|_| Problem::overloaded(1))
    }

    /// Counts an attempt to sign in to an account.
    pub(crate) fn sign_in(&self, client: IpAddr, account: &str) -> Result<(), Problem> {
        if let Some(limit) = &self.sign_ins_by_address {
            limit.check(&network_of(client))?;
        }
        match &self.sign_ins_by_account {
            Some(limit) => limit.check(&account.to_owned()),
            None => Ok(()),
        }
    }
}

/// One home has a whole /64 of IPv6 addresses, so these count as one.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
    }
}

struct Limit<K: Hash + Eq + Clone> {
    name: &'static str,
    window_seconds: u32,
    most: u32,
    limiter: DefaultKeyedRateLimiter<K>,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, window_seconds: u32, quota: Quota) -> Self {
        let most = quota.burst_size().get();
        let limiter = RateLimiter::keyed(quota);
        Self { name, window_seconds, most, limiter, checks: AtomicU32::new(0) }
    }

    fn check(&self, key: &K) -> Result<(), Problem> {
        let checks = self.checks.fetch_add(1, Ordering::Relaxed);
        if checks % CHECKS_BETWEEN_PRUNINGS == CHECKS_BETWEEN_PRUNINGS - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).map_err(|refused| {
            let wait = refused.wait_time_from(self.limiter.clock().now());
            self.refuse(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
        })
    }

    fn refuse(&self, seconds: u64) -> Problem {
        let seconds = seconds.max(1);
        let text =
            |text: String| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
        let policy = format!("\"{}\";q={};w={}", self.name, self.most, self.window_seconds);
        let state = format!("\"{}\";r=0;t={seconds}", self.name);
        Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "too often; try again later",
        )
        .retry_after(seconds)
        .header(HeaderName::from_static("ratelimit-policy"), text(policy))
        .header(HeaderName::from_static("ratelimit"), text(state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_quiet_again_are_forgotten() {
        let quota = Quota::per_second(NonZeroU32::MAX);
        let limit = Limit::new("requests", 1, quota);

        for key in 0..20 * CHECKS_BETWEEN_PRUNINGS {
            limit.check(&key).unwrap();
        }

        assert!(limit.limiter.len() <= 2 * CHECKS_BETWEEN_PRUNINGS as usize);
    }

    #[test]
    fn the_addresses_of_one_home_share_its_limit() {
        let limits = Limits::new(&LimitSettings { requests_per_second: 1, ..Default::default() });

        assert!(limits.enter("2001:db8::1".parse().unwrap()).is_ok());
        assert!(limits.enter("2001:db8::2".parse().unwrap()).is_err());
        assert!(limits.enter("2001:db8:0:1::1".parse().unwrap()).is_ok());
    }
}
