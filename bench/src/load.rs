use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use e2e::Outcome;
use futures_util::future::try_join_all;

use crate::wire::Wire;

/// How many at once, and how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Clients, each with one connection, each asking again when it was answered.
    pub(crate) clients: u64,
    /// The length of the measurement.
    pub(crate) length: Duration,
}

/// How often something was done, and how long each took.
pub(crate) struct Pace {
    /// How often.
    pub(crate) done: u64,
    elapsed: Duration,
    micros: Vec<u64>,
}

/// A sequence that looks random and costs nothing.
pub(crate) struct Dice(u64);

impl Dice {
    /// Another sequence for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below a limit.
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

impl Load {
    /// Lets every client do a step again and again; the first step that fails ends the measurement.
    pub(crate) async fn run(
        self,
        address: SocketAddr,
        step: impl AsyncFn(&mut Wire, &mut Dice) -> Outcome,
    ) -> Outcome<Pace> {
        let step = &step;
        let begun = Instant::now();
        let end = begun + self.length;
        let clients = (0..self.clients).map(|client| async move {
            let mut wire = Wire::to(address).await?;
            let mut dice = Dice::new(client + 1);
            let mut micros = Vec::new();
            while Instant::now() < end {
                let asked = Instant::now();
                step(&mut wire, &mut dice).await?;
                micros.push(u64::try_from(asked.elapsed().as_micros())?);
            }
            Outcome::Ok(micros)
        });
        let micros = try_join_all(clients).await?.concat();
        Pace::of(micros, begun.elapsed())
    }
}

impl Pace {
    /// Of what each took, and all together.
    pub(crate) fn of(mut micros: Vec<u64>, elapsed: Duration) -> Outcome<Self> {
        micros.sort_unstable();
        if micros.is_empty() {
            return Err("nothing was done in time".into());
        }
        Ok(Self { done: u64::try_from(micros.len())?, elapsed, micros })
    }

    /// How often a second.
    pub(crate) fn per_second(&self) -> u64 {
        let micros = u64::try_from(self.elapsed.as_micros()).unwrap_or(u64::MAX);
        self.done * 1_000_000 / micros.max(1)
    }

    fn percentile(&self, percent: usize) -> Millis {
        let rank = (self.micros.len() * percent).div_ceil(100).max(1);
        Millis(self.micros[rank - 1])
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = thousands(self.per_second());
        write!(f, "{rate}/s, p50 {}, p99 {}", self.percentile(50), self.percentile(99))
    }
}

/// Microseconds, written as milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Millis(pub u64);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} ms", self.0 / 1_000, self.0 % 1_000 / 10)
    }
}

/// A number with its thousands apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_time_that_so_many_did_not_exceed() {
        let pace = Pace::of((1..=200).rev().collect(), Duration::from_secs(2)).unwrap();

        assert_eq!((pace.percentile(50).0, pace.percentile(99).0), (100, 198));
        assert_eq!(pace.per_second(), 100);
    }

    #[test]
    fn numbers_and_times_are_written_for_people() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(100), "100");
        assert_eq!(Millis(12_345).to_string(), "12.34 ms");
    }
}
