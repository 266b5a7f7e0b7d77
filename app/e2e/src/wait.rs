use std::time::Duration;

use tokio::time::{Instant, interval};

use crate::Outcome;

/// Asks again and again until the answer is there, and fails when it is not there in time.
pub async fn eventually<T>(
    within: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Outcome<Option<T>>,
) -> Outcome<T> {
    let deadline = Instant::now() + within;
    let mut tick = interval(Duration::from_millis(25));
    let mut last = String::new();
    loop {
        tick.tick().await;
        match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => last.clear(),
            Err(error) => last = format!(" ({error})"),
        }
        if Instant::now() > deadline {
            return Err(format!("not in {within:?}: {what}{last}").into());
        }
    }
}
